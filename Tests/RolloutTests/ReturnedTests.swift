import Model
import Rollout
import Testing

/// Rollouts for hosts that were away, and what others say about hosts that are.
struct ReturnedTests {
    private func fleet(_ count: Int, change: (inout Plan) -> Void = { $0.returned = [$0.hosts[1].id, $0.hosts[2].id] })
        throws -> Fleet
    {
        var plan = try Fleet(count, floor: 0).plan
        change(&plan)
        var fleet = try Fleet(plan, before: plan.previous)
        fleet.current[0] = plan.target
        return fleet
    }

    @Test("One that can't take the release keeps no other from it")
    func refused() throws {
        for code in [Failure.Code.orderRefused, .diskFull] {
            var fleet = try fleet(3)
            fleet.muster()
            while fleet.refuseNext(code, where: { if case .prepare = $0 { true } else { false } }) != 1 {
                let open = fleet.next()
                let (host, id, ask) = try #require(open)
                fleet.answer(host, id, ask)
            }
            fleet.prepareAll()
            fleet.updateNext()
            fleet.prepareAll()
            #expect(fleet.summary?.outcome == .incomplete)
            #expect(fleet.results() == [.alreadyThere, .failed, .updated])
        }
    }

    @Test("Hosts that are still away are nothing to pause for")
    func away() throws {
        var fleet = try fleet(3)
        fleet.muster(absent: [2])
        #expect(fleet.stood == nil)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
        #expect(fleet.results() == [.alreadyThere, .updated, .unreachable])
    }

    @Test("A host that was lost says for how long at the end")
    func lostFor() throws {
        var fleet = try fleet(2) { $0.returned = [$0.hosts[1].id] }
        fleet.muster(absent: [1])
        fleet.now += 90_000
        fleet.prepareAll()
        let hosts = try #require(fleet.summary?.hosts)
        #expect(hosts[0].lostFor == nil)
        #expect(hosts[1].lostFor == .seconds(90))
    }

    @Test("An incomplete rollout says what brings the others: catch up, look, or ask anew")
    func advice() throws {
        func advice(approvals: Int, skips: [SkippedHost] = [], absent: [Int] = []) throws -> String? {
            var fleet = try Fleet(3, floor: 0, skips: skips) { $0.approvals = approvals }
            fleet.muster(absent: absent)
            if !absent.isEmpty { fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil))) }
            fleet.prepareAll()
            if approvals > 0 {
                let order = AskedOrder(
                    digest: fleet.plan.target.digest,
                    approveBy: WallTime(milliseconds: 1_000_000),
                    validUntil: WallTime(milliseconds: 2_000_000)
                )
                fleet.tell(.asked(order))
                let yes = Approval(order: order.digest, person: "bob", signature: [])
                fleet.tell(.operatorSaid(.approve(yes)))
            }
            for _ in 0..<6 where fleet.summary == nil {
                fleet.prepareAll()
                fleet.updateNext()
            }
            #expect(fleet.summary?.outcome == .incomplete)
            return fleet.summary?.advice
        }
        let skip = [SkippedHost(id: HostID(validated: "web-3"), reason: "is being repaired")]
        #expect(try advice(approvals: 1, absent: [2])?.contains("`fleet catch-up R7`: what was approved") == true)
        #expect(
            try advice(approvals: 0, absent: [2])?.contains("`fleet catch-up --service web --env production`") == true
        )
        // What was left out was never named by an order.
        let left = try #require(try advice(approvals: 1, skips: skip))
        #expect(!left.contains("catch-up") && left.contains("asks for approval anew"))
    }
}
