import Foundation
import Model
import Rollout
import Testing

/// The rules of a rollout, one at a time, with literal numbers.
struct RolloutMachineTests {
    private var rest: [StagePolicy] { [StagePolicy(selection: .rest)] }

    @Test("A rollout claims with 1 + the highest epoch, prepares all, switches one by one, confirms and gives back")
    func success() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        let asks = fleet.sent.compactMap { if case .send(_, _, let ask) = $0 { ask } else { nil } }
        #expect(asks == [.inspectClaim, .inspectClaim, .inspectClaim])
        fleet.prepareAll()
        #expect(fleet.started == [0])
        fleet.updateNext()
        #expect(fleet.started == [1])
        fleet.updateNext()
        fleet.updateNext()
        let epochs = fleet.sent.compactMap { if case .send(_, let id, _) = $0 { id.epoch } else { nil } }
        #expect(epochs == [Epoch(42), Epoch(42), Epoch(42)])
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.summary?.capacity == SummaryCapacity(total: 3, floor: 2, atStart: 3, lowest: 2))
        #expect(fleet.results() == [.updated, .updated, .updated])
    }

    struct Start: CustomTestStringConvertible, Sendable {
        let hosts: Int
        let floor: Int
        let window: Int
        let ill: [Int]
        let started: [Int]
        var testDescription: String { "\(hosts) hosts, \(ill.count) ill, floor \(floor), window \(window)" }
    }

    @Test(
        "A host in service leaves only above the floor, one that is not costs nothing and goes first",
        arguments: [
            Start(hosts: 5, floor: 4, window: 3, ill: [], started: [0]),
            Start(hosts: 5, floor: 2, window: 3, ill: [], started: [0, 1, 2]),
            Start(hosts: 5, floor: 2, window: 5, ill: [], started: [0, 1, 2]),
            Start(hosts: 5, floor: 4, window: 3, ill: [3], started: [3]),
            Start(hosts: 5, floor: 3, window: 3, ill: [4], started: [4, 0]),
            Start(hosts: 5, floor: 4, window: 2, ill: [0, 1, 2, 3, 4], started: [0, 1]),
        ]
    )
    func capacityRule(_ row: Start) throws {
        var fleet = try Fleet(row.hosts, floor: row.floor, window: row.window, stages: rest)
        fleet.muster(ill: row.ill)
        fleet.prepareAll()
        #expect(fleet.started == row.started)
    }

    @Test("However often hosts report meanwhile, each is asked once who holds it, and once for its claim")
    func asksOnce() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        var asked: [HostAsk] = []
        while fleet.started.isEmpty, let (host, id, ask) = fleet.next() {
            asked.append(ask)
            fleet.answer(host, id, ask)
            for host in 0..<3 { fleet.report(host) }
        }
        #expect(asked.count == 9)
    }

    @Test("A host that is switched and not committed keeps its slot")
    func uncommittedHoldsSlot() throws {
        var fleet = try Fleet(4, floor: 0, window: 1, stages: rest)
        fleet.muster()
        fleet.prepareAll()
        fleet.switchNext()
        #expect(fleet.started.isEmpty)
        fleet.commitNext()
        #expect(fleet.started == [1])
    }

    @Test(
        "A host is not committed before it says itself that it is healthy on the release",
        arguments: [Health.unknown, .unhealthy(reason: "status 500")]
    )
    func commitNeedsHealth(_ health: Health) throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        fleet.switchNext(health: health)
        #expect(fleet.commits == 0)
    }

    @Test("A host that stays connected and says nothing is given up at its deadline, and its slot is held")
    func silentHost() throws {
        var fleet = try Fleet(3, floor: 0, stages: rest) { $0.failureBudget = 1 }
        fleet.muster()
        fleet.prepareAll()
        fleet.sent = []
        fleet.wait(.seconds(315), .answer(host: 0))
        let asked = fleet.sent.contains { if case .send(0, _, .revert) = $0 { true } else { false } }
        #expect(asked)
        fleet.wait(.seconds(315), .answer(host: 0))
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.hosts[0].doing == "lost in flight")
        fleet.tell(.operatorSaid(.skip(host: 0, reason: "dead agent")))
        #expect(fleet.started == [1])
    }

    @Test("A canary that is ill changes places with a host in service")
    func canaryInService() throws {
        var fleet = try Fleet(3, floor: 1)
        fleet.muster(ill: [0])
        fleet.prepareAll()
        #expect(fleet.started == [1])
    }

    @Test("A failed canary ends it, whatever the budget: no further host gets the release")
    func canary() throws {
        var fleet = try Fleet(3) { $0.failureBudget = 2 }
        fleet.muster()
        fleet.prepareAll()
        fleet.failNext()
        #expect(fleet.started.isEmpty)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.results() == [.failed, .untouched, .untouched])
    }

    @Test("A failure beyond the budget takes every changed host back to what it ran")
    func rollback() throws {
        var fleet = try Fleet(4)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.failNext()
        #expect(fleet.started == [0])
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.results() == [.wentBack, .wentBack, .failed, .untouched])
        let before = try PlanFixture.release("1.4.1", "a")
        #expect(fleet.current == [before, before, before, before])
    }

    @Test("A failure within the budget leaves the rollout incomplete")
    func budget() throws {
        var fleet = try Fleet(3) { $0.failureBudget = 1 }
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.failNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
        #expect(fleet.results() == [.updated, .failed, .updated])
    }

    @Test("A commit that came too late is no failure of the release: the host gets another turn")
    func lateCommit() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        fleet.failNext(.commitMissing)
        #expect(fleet.started == [0])
        fleet.failNext(.commitMissing)
        fleet.failNext(.commitMissing)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
    }

    @Test("One host of five is off: paused with the arithmetic, and resume --floor 3 updates the others")
    func absentHost() throws {
        var fleet = try Fleet(5)
        fleet.muster(absent: [4])
        let stood = try #require(fleet.stood)
        #expect(stood.outcome == .paused)
        #expect(stood.headline.contains("web-5 can't be reached; 4 of 5 in service - 1 = 3 < floor 4"))
        #expect(stood.advice?.contains("--floor 3") == true)
        fleet.tell(.operatorSaid(.resume(floor: 3, reason: nil)))
        #expect(fleet.refusals == ["another floor needs a --reason"])
        fleet.tell(.operatorSaid(.resume(floor: 3, reason: "web-5 is being repaired")))
        fleet.prepareAll()
        for _ in 0..<4 { fleet.updateNext() }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
        #expect(fleet.results() == [.updated, .updated, .updated, .updated, .unreachable])
    }

    @Test("A floor that blocks pauses at the progress deadline, and only a reason lowers it")
    func blocked() throws {
        var fleet = try Fleet(3, floor: 2, stages: rest)
        fleet.muster()
        fleet.prepareAll()
        fleet.switchNext()
        fleet.tell(.lost(host: 2))
        fleet.commitNext()
        #expect(fleet.started.isEmpty)
        fleet.wait(.minutes(10), .progress)
        #expect(fleet.stood?.headline.contains("2 of 3 in service - 1 = 1 < floor 2") == true)
        fleet.tell(.operatorSaid(.resume(floor: 1, reason: "night")))
        #expect(fleet.started == [1])
    }

    @Test("Paused: hosts in flight finish, none starts, also after a restart")
    func paused() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.operatorSaid(.pause(reason: "lunch")))
        #expect(fleet.stood == nil)
        fleet.updateNext()
        #expect(fleet.started.isEmpty)
        #expect(fleet.stood?.outcome == .paused)
        try restart(&fleet)
        #expect(fleet.started.isEmpty)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started == [1])
    }

    private func restart(_ fleet: inout Fleet) throws {
        let bytes = try JSONEncoder().encode(fleet.machine.state)
        let state = try JSONDecoder().decode(RolloutState.self, from: bytes)
        fleet.machine = RolloutMachine(id: fleet.machine.id, plan: fleet.plan, state: state)
        fleet.now = 5
        fleet.tell(.resumed)
        for host in fleet.plan.hosts.indices {
            fleet.tell(.connected(host: host))
            fleet.report(host)
        }
    }

    @Test("A resumed coordinator sends what is open again with the same id")
    func resumed() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        let before = fleet.sent
        fleet.sent = []
        try restart(&fleet)
        #expect(fleet.sent == before)
    }

    @Test("Abort: hosts in flight revert, finished ones stay, the mixture is named")
    func abort() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.operatorSaid(.abort(reason: "wrong version")))
        let reverts = fleet.sent.contains { if case .send(1, _, .revert) = $0 { true } else { false } }
        #expect(reverts)
        fleet.sent.removeAll { if case .send(_, _, .activate) = $0 { true } else { false } }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .aborted)
        #expect(fleet.results() == [.updated, .wentBack, .untouched])
        #expect(fleet.summary?.headline.contains("1 of 3 hosts run") == true)
    }

    @Test("A bake counts time in which all is well, and a restart does not shorten it")
    func bake() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), bake: .seconds(40)), StagePolicy(selection: .rest)]
        var fleet = try Fleet(2, stages: stages)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.wait(.seconds(30), .bake)
        #expect(fleet.started.isEmpty)
        try restart(&fleet)
        fleet.wait(.seconds(9), .bake)
        #expect(fleet.started.isEmpty)
        fleet.wait(.seconds(1), .bake)
        #expect(fleet.started == [1])
    }

    @Test("A changed host that falls ill during the bake is a failure")
    func illInBake() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), bake: .minutes(1)), StagePolicy(selection: .rest)]
        var fleet = try Fleet(2, stages: stages)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.report(0, health: .unhealthy(reason: "status 503"))
        #expect(fleet.started == [0])
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
    }

    @Test("A second rollout is refused with who holds the hosts, and gives back what it took")
    func heldByAnother() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        let other = RolloutID(ledger: try LedgerID(parsing: "00000000-0000-0000-0000-000000000009"), number: 12)
        let claim = Claim(
            service: fleet.plan.service,
            environment: fleet.plan.environment,
            rollout: other,
            epoch: Epoch(3),
            holder: "bob@desk",
            since: WallTime(milliseconds: 0)
        )
        for (host, held) in [(0, claim), (1, nil)] as [(Int, Claim?)] {
            let found = fleet.next()
            let (_, id, _) = try #require(found)
            fleet.tell(.replied(host: host, sequence: id.sequence, .claimState(highest: Epoch(3), claim: held)))
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-1 is held by R12 of bob@desk since 1970-01-01") == true)
    }

    @Test("A rollback never waits for a host that can't be reached, and names it")
    func unreachableRollback() throws {
        var fleet = try Fleet(4, floor: 1)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.tell(.lost(host: 1))
        fleet.failNext()
        fleet.updateNext()
        fleet.wait(.seconds(15), .reach(host: 1))
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.summary?.headline.contains("still on 1.4.2-bbbbbbbbbbbb: web-2") == true)
        #expect(fleet.results() == [.wentBack, .updated, .failed, .untouched])
    }

    @Test("Nothing to do is success, and nobody is asked anything")
    func nothingToDo() throws {
        var fleet = try Fleet(2)
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        for host in 0..<2 {
            fleet.tell(.connected(host: host))
            fleet.tell(
                .reported(host: host, ServiceFacts(current: fleet.plan.target, isConfirmed: true, health: .healthy))
            )
        }
        #expect(fleet.sent.isEmpty)
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.summary?.headline.hasPrefix("nothing to do") == true)
    }

    @Test("A host held by a person is refused by name")
    func held() throws {
        var fleet = try Fleet(2)
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        for host in 0..<2 {
            fleet.tell(.connected(host: host))
            let facts = ServiceFacts(
                current: fleet.plan.previous,
                health: .healthy,
                held: host == 1 ? "local apply" : nil
            )
            fleet.tell(.reported(host: host, facts))
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-2 held by a person") == true)
    }

    @Test("A word that does not fit is refused and changes nothing: a paused way back stays paused")
    func pausedRollback() throws {
        var fleet = try Fleet(4)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.failNext()
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        fleet.updateNext()
        fleet.tell(.operatorSaid(.rollBack(reason: nil)))
        #expect(fleet.refusals == ["R7 is going back already; `fleet resume` goes on with it"])
        #expect(fleet.started.isEmpty)
    }

    @Test("Every host that can't prepare is named before anything is switched")
    func unprepared() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        while let (host, id, ask) = fleet.next() {
            switch ask {
            case .inspectClaim:
                fleet.tell(.replied(host: host, sequence: id.sequence, .claimState(highest: .none, claim: nil)))
            case .claim: fleet.tell(.replied(host: host, sequence: id.sequence, .claimed(highest: Epoch(1))))
            case .releaseClaim: fleet.tell(.replied(host: host, sequence: id.sequence, .released))
            case .prepare:
                let failure = Failure(.diskFull, "needs 2 GiB, has 1 GiB")
                fleet.tell(.replied(host: host, sequence: id.sequence, .refused(failure)))
            case .activate, .commit, .revert, .confirm: Issue.record("\(ask)")
            }
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-1, web-2 could not prepare: needs 2 GiB") == true)
    }

    @Test(
        "A host that is no longer ours ends the rollout, and only the claims are given back",
        arguments: [Failure.Code.epochStale, .claimRefused]
    )
    func fenced(_ code: Failure.Code) throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        let (host, id, _) = try #require(fleet.next { if case .activate = $0 { true } else { false } })
        fleet.sent = []
        fleet.tell(.replied(host: host, sequence: id.sequence, .refused(Failure(code, "held by bob@desk"))))
        let released = fleet.sent.compactMap { if case .send(let host, _, .releaseClaim) = $0 { host } else { nil } }
        #expect(released == [0, 1, 2])
        #expect(fleet.sent.count == 3)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .failed)
        #expect(fleet.summary?.headline.contains("bob@desk") == true)
    }

    @Test("A host that is connected late and says nothing does not hold the start up for ever")
    func silentMuster() throws {
        var fleet = try Fleet(2, floor: 0)
        fleet.muster(absent: [1])
        fleet.tell(.connected(host: 1))
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.sent.isEmpty)
        fleet.wait(fleet.plan.limits.silence, .muster)
        let asks = fleet.sent.compactMap { if case .send(let host, _, .inspectClaim) = $0 { host } else { nil } }
        #expect(asks == [0])
    }
}
