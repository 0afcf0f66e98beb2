import Model
import Rollout
import Testing

/// How hosts are switched one after the other.
struct RollingTests {
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
        #expect(fleet.machine.view.hosts[0].doing.hasPrefix("unknown: lost in flight"))
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

    @Test("A bake counts time in which all is well, and a restart does not shorten it")
    func bake() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), bake: .seconds(40)), StagePolicy(selection: .rest)]
        var fleet = try Fleet(2, stages: stages)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.wait(.seconds(30), .bake)
        #expect(fleet.started.isEmpty)
        try fleet.restart()
        fleet.wait(.seconds(9), .bake)
        #expect(fleet.started.isEmpty)
        fleet.wait(.seconds(1), .bake)
        #expect(fleet.started == [1])
    }

    @Test("A bake that is over when its timer comes late is over, and survives the ledger though the rollout is paused")
    func lateTimer() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), bake: .seconds(10)), StagePolicy(selection: .rest)]
        var fleet = try Fleet(2, stages: stages)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.now += 10_004
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        try fleet.restart()
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.machine.view.phase == .rolling(stage: 1))
    }
}
