import Model
import Rollout
import Testing

/// A service that leaves its environment.
struct RemoveTests {
    private func fleet(_ count: Int = 2, window: Int = 1, runs: String? = "1.4.2") throws -> Fleet {
        var fleet = try Fleet(count, window: window, kind: .remove)
        let release = try runs.map { try PlanFixture.release($0, "b") }
        fleet.current = fleet.plan.hosts.map { _ in release }
        return fleet
    }

    private func removals(_ fleet: Fleet) -> [Int] {
        fleet.sent.compactMap { action in
            guard case .send(let host, _, .remove) = action else { return nil }
            return host
        }
    }

    /// Answers the next word to remove.
    private func answer(_ fleet: inout Fleet, with reply: HostReply? = nil) {
        guard let (host, id, _) = fleet.next(where: { if case .remove = $0 { true } else { false } }) else { return }
        let gone = HostReply.reverted(to: nil, failure: Failure(.cancelled, "removed"))
        if reply == nil { fleet.current[host] = nil }
        fleet.tell(.replied(host: host, sequence: id.sequence, reply ?? gone))
        fleet.report(host, health: reply == nil ? .unknown : .healthy)
    }

    @Test("It leaves host after host, by the window, whatever floor the environment has; nothing is confirmed")
    func removes() throws {
        var fleet = try fleet(3, window: 2)
        #expect(fleet.plan.capacity.floor == 0 && fleet.plan.release == nil && fleet.plan.stages.count == 1)
        #expect(PlanText(fleet.plan).text.contains("nothing of it stays in service; 2 at a time"))
        fleet.muster()
        fleet.prepareAll()
        #expect(removals(fleet) == [0, 1])
        for _ in 0..<3 { answer(&fleet) }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.summary?.headline == "3 of 3 hosts run web no more, read back")
        #expect(fleet.results() == [.updated, .updated, .updated])
        #expect(fleet.summary?.hosts.allSatisfy { $0.release == nil } == true)
    }

    @Test("Hosts that have nothing of it are left alone; where none has, there is nothing to do")
    func nothing() throws {
        var fleet = try fleet()
        fleet.current[0] = nil
        fleet.muster()
        fleet.prepareAll()
        #expect(removals(fleet) == [1])
        var empty = try self.fleet(runs: nil)
        empty.muster()
        empty.prepareAll()
        #expect(removals(empty).isEmpty)
        #expect(empty.summary?.outcome == .succeeded)
        #expect(empty.summary?.headline == "nothing to do: no host runs web")
    }

    @Test(
        "A host that refuses pauses it, and is said to have failed; the others are not touched before a person speaks"
    )
    func refused() throws {
        var fleet = try fleet()
        fleet.muster()
        fleet.prepareAll()
        answer(&fleet, with: .refused(Failure(.approvalRefused, "policy.yml demands the approval of 1 person")))
        #expect(fleet.machine.view.pause != nil)
        #expect(removals(fleet).isEmpty)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        answer(&fleet)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
        #expect(fleet.results() == [.failed, .updated])
        #expect(fleet.summary?.advice?.contains("`fleet remove web --env production`") == true)
    }

    @Test("Lost in the middle, a host is asked again when it is back; a coordinator that was away goes on")
    func lost() throws {
        var fleet = try fleet(1)
        fleet.muster()
        fleet.prepareAll()
        fleet.sent = []
        fleet.tell(.lost(host: 0))
        fleet.tell(.connected(host: 0))
        #expect(removals(fleet) == [0])
        try fleet.restart()
        answer(&fleet)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("What is removed is not taken back")
    func noWayBack() throws {
        var fleet = try fleet()
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.operatorSaid(.rollBack(reason: "wrong place")))
        #expect(fleet.refusals.contains { $0.contains("a remove is not taken back") }, "\(fleet.refusals)")
    }

    @Test("Where approvals are demanded nobody could give one, so it is refused", arguments: [true, false])
    func approvals(isControlled: Bool) throws {
        var environment = try PlanFixture.environment(PlanFixture.hosts(2))
        if isControlled { environment.isControlled = true } else { environment.approvals = 1 }
        let request = try PlanFixture.request(environment, kind: .remove)
        let error = #expect(throws: PlanRefusal.self) { try Planner.plan(request) }
        #expect(error?.code == .needsApproval)
    }
}
