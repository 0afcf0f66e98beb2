import Model
import Rollout
import Testing

/// Load balancers in a plan.
struct TrafficPlanTests {
    private static let traffic = TrafficPolicy(
        loadBalancers: [LoadBalancer(address: "10.0.0.5:9999", backend: "web")],
        drainWithin: .minutes(20),
        onSessionsLeft: .fail
    )

    private func fleet(_ traffic: TrafficPolicy?) throws -> Fleet {
        try Fleet(3, floor: 1, stages: [StagePolicy(selection: .rest)]) { $0.traffic = traffic }
    }

    @Test("The plan says it, its digest depends on it, and hosts are told so; without it nothing is said")
    func plan() throws {
        let plain = try fleet(nil).plan
        for traffic in [Self.traffic, nil] {
            var fleet = try fleet(traffic)
            #expect(fleet.plan.traffic == traffic && (fleet.plan == plain) == (traffic == nil))
            let line =
                "  traffic   out of web/{host} at 10.0.0.5:9999 before a host changes, back after its checks; sessions have "
                + "20m to end, else the host fails"
            #expect(PlanText(fleet.plan).lines.contains(line) == (traffic != nil))
            fleet.muster()
            fleet.prepareAll()
            let ask = fleet.next { if case .activate = $0 { true } else { false } }
            guard case .activate(let order)? = ask?.2 else {
                Issue.record("nobody was told to switch")
                return
            }
            #expect(order.traffic == traffic)
        }
    }

    @Test("A host gets the time that its sessions have, on top of its own")
    func time() throws {
        let more = try fleet(Self.traffic).plan.limits
        let less = try fleet(nil).plan.limits
        #expect(more.activateTimeout - less.activateTimeout >= .minutes(20))
        #expect(more.progressDeadline > more.activateTimeout || less.progressDeadline > more.activateTimeout)
    }
}
