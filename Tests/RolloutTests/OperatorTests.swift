import Model
import Rollout
import Testing

/// What a person says, and what a restart in between changes.
struct OperatorTests {
    private var rest: [StagePolicy] { [StagePolicy(selection: .rest)] }

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
        try fleet.restart()
        #expect(fleet.started.isEmpty)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started == [1])
    }

    @Test("A resumed coordinator sends what is open again with the same id")
    func resumed() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        let before = fleet.sent
        fleet.sent = []
        try fleet.restart()
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
}
