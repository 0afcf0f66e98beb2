import Model
import Rollout
import Testing

/// Hosts that keep a release without its commit, and what a rollout makes of them when they are back.
struct KeptTests {
    private var rest: [StagePolicy] { [StagePolicy(selection: .rest)] }

    private func fleet(budget: Int = 1) throws -> Fleet {
        try Fleet(3, floor: 1, stages: rest) {
            $0.failureBudget = budget
            $0.onCommitMissing = .keep
        }
    }

    private func report(_ fleet: inout Fleet, _ host: Int, _ id: RequestID) {
        let operation = OperationReport(
            origin: .rollout(id),
            purpose: .deploy,
            target: fleet.plan.target,
            predecessor: fleet.plan.previous,
            phase: .kept,
            startedAt: WallTime(milliseconds: 0),
            failure: Failure(.commitMissing, "kept without commit")
        )
        fleet.current[host] = fleet.plan.target
        fleet.report(host, operation: operation)
    }

    private func isActivate(_ ask: HostAsk) -> Bool { if case .activate = ask { true } else { false } }

    @Test("The plan says it, its digest depends on it, and hosts are told so; without it nothing is said")
    func plan() throws {
        let keeping = try fleet()
        let reverting = try Fleet(3, floor: 1, stages: rest) { $0.failureBudget = 1 }
        #expect(keeping.plan.onCommitMissing == .keep && reverting.plan.onCommitMissing == nil)
        #expect(PlanText(keeping.plan).text.contains("keeps"))
        #expect(!PlanText(reverting.plan).text.contains("keeps"))
        for (policy, fleet) in [(CommitMissingPolicy.keep, keeping), (nil, reverting)] {
            var fleet = fleet
            fleet.muster()
            fleet.prepareAll()
            guard case .activate(let order)? = fleet.next(where: isActivate)?.2 else {
                Issue.record("nobody was told to switch")
                return
            }
            #expect(order.onCommitMissing == policy)
        }
    }

    @Test("A coordinator that comes back reads that a host has kept its release, and commits it")
    func resumed() throws {
        var fleet = try fleet()
        fleet.muster()
        fleet.prepareAll()
        guard let (host, id, ask) = fleet.next(where: isActivate) else { return }
        try fleet.restart()
        #expect(fleet.next(where: isActivate)?.1 == id, "asked again with the same id")
        fleet.tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(fleet.plan.target)))
        #expect(fleet.commits == 0)
        report(&fleet, host, id)
        #expect(fleet.commits == 1)
        #expect(fleet.machine.view.hosts[host].doing != "done")
        fleet.commitNext()
        #expect(fleet.started == [1])
        _ = ask
    }

    @Test("A host that was cut off is committed while its rollout moves on, and forgiven", arguments: [true, false])
    func back(hadAnswered: Bool) throws {
        var fleet = try fleet()
        fleet.muster()
        fleet.prepareAll()
        guard let (host, id, _) = fleet.next(where: isActivate) else { return }
        if hadAnswered { fleet.tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(fleet.plan.target))) }
        fleet.tell(.lost(host: host))
        fleet.wait(.seconds(15), .reach(host: host))
        fleet.tell(.connected(host: host))
        #expect(fleet.reverts.isEmpty)
        if !hadAnswered {
            #expect(fleet.next(where: isActivate)?.1 == id, "asked again with the same id")
            fleet.tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(fleet.plan.target)))
        }
        report(&fleet, host, id)
        fleet.commitNext()
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("A rollout that goes back takes it back, and one that ended without it never says that it was updated")
    func goesBack() throws {
        var fleet = try fleet(budget: 0)
        fleet.muster()
        fleet.prepareAll()
        guard let (host, id, _) = fleet.next(where: isActivate) else { return }
        fleet.tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(fleet.plan.target)))
        fleet.tell(.lost(host: host))
        fleet.wait(.seconds(15), .reach(host: host))
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.results()[host] == .unknown)
    }

    @Test("Waiting for another host's way back, it withdraws what a host has kept")
    func withdrawn() throws {
        var fleet = try fleet(budget: 1)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        guard let (host, id, _) = fleet.next(where: isActivate) else { return }
        fleet.tell(.replied(host: host, sequence: id.sequence, .awaitingCommit(fleet.plan.target)))
        fleet.tell(.lost(host: host))
        fleet.wait(.seconds(15), .reach(host: host))
        fleet.tell(.operatorSaid(.rollBack(reason: "wrong")))
        fleet.tell(.connected(host: host))
        report(&fleet, host, id)
        #expect(fleet.commits == 0)
        #expect(fleet.reverts.contains(host))
    }
}
