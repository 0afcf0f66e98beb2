import Model
import Rollout
import Testing

/// Hosts that failed, and get another turn because a person says so.
struct RetryTests {
    /// Four hosts of which the first two are updated and the third has failed; it stands still.
    private func paused(budget: Int = 0) throws -> Fleet {
        var fleet = try Fleet(4, stages: [StagePolicy(selection: .rest)]) {
            $0.onFailure = .pause
            $0.failureBudget = budget
        }
        fleet.muster()
        fleet.prepareAll()
        for _ in 0..<2 { fleet.updateNext() }
        fleet.failNext()
        return fleet
    }

    private let retry = RolloutEvent.Word.operatorSaid(.retry(reason: "the disk has room again"))

    @Test("What was wrong with the host is mended: it gets its turn, the rollout succeeds, also after a restart")
    func succeeds() throws {
        var fleet = try paused()
        #expect(fleet.machine.view.pause?.advice.contains("`fleet retry`") == true)
        try fleet.restart()
        #expect(fleet.started.isEmpty)
        fleet.tell(retry)
        #expect(fleet.started == [2] && fleet.machine.view.failures == 0)
        for _ in 0..<2 { fleet.updateNext() }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.results() == [.updated, .updated, .updated, .updated])
    }

    @Test("A host that fails again pauses it again")
    func failsAgain() throws {
        var fleet = try paused()
        fleet.tell(retry)
        fleet.failNext()
        #expect(fleet.started.isEmpty)
        #expect(fleet.machine.view.pause?.cause == .failures && fleet.machine.view.failures == 1)
        fleet.tell(.operatorSaid(.abort(reason: nil)))
        fleet.prepareAll()
        #expect(fleet.results() == [.updated, .updated, .failed, .untouched])
    }

    @Test("A host that is still away when its turn comes again has failed again")
    func stillAway() throws {
        var fleet = try Fleet(3, floor: 0, stages: [StagePolicy(selection: .rest)]) { $0.onFailure = .pause }
        fleet.muster()
        fleet.prepareAll()
        fleet.tell(.lost(host: 2))
        for _ in 0..<2 { fleet.updateNext() }
        fleet.wait(.seconds(15), .reach(host: 2))
        #expect(fleet.machine.view.pause?.cause == .failures, "\(fleet.machine.view)")
        fleet.tell(retry)
        #expect(fleet.machine.view.pause?.cause == .failures && fleet.machine.view.failures == 1)
        fleet.tell(.connected(host: 2))
        fleet.report(2)
        fleet.tell(retry)
        #expect(fleet.started == [2])
    }

    @Test("Nobody is sent to try again what has no other turn: it ran the release, and fell ill on it")
    func noTurn() throws {
        let stages = [StagePolicy(selection: .rest, bake: .minutes(5))]
        var fleet = try Fleet(2, floor: 0, stages: stages) { $0.onFailure = .pause }
        fleet.muster()
        fleet.prepareAll()
        for _ in 0..<2 { fleet.updateNext() }
        fleet.tell(.lost(host: 0))
        fleet.wait(.seconds(15), .reach(host: 0))
        let pause = try #require(fleet.machine.view.pause)
        #expect(pause.cause == .failures && pause.advice.hasPrefix("`fleet resume` accepts this"), "\(pause)")
        fleet.tell(retry)
        #expect(fleet.machine.view.pause == pause && fleet.refusals.count == 1)
    }

    @Test("A failure within the budget can be tried again once it is paused, and frees the budget")
    func budget() throws {
        var fleet = try paused(budget: 1)
        #expect(fleet.started == [3])
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        fleet.tell(retry)
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("What is not to be tried again is refused, and changes nothing")
    func refused() throws {
        var canary = try Fleet(3) { $0.onFailure = .pause }
        canary.muster()
        canary.prepareAll()
        canary.failNext()
        var running = try Fleet(3)
        running.muster()
        running.prepareAll()
        var whole = running
        whole.tell(.operatorSaid(.pause(reason: nil)))
        whole.updateNext()
        for (fleet, why) in [(canary, "the canary failed"), (running, "does not stand still"), (whole, "has failed")] {
            var fleet = fleet
            let before = fleet.machine.view
            fleet.tell(retry)
            #expect(fleet.refusals.last?.contains(why) == true, "\(fleet.refusals)")
            #expect(fleet.machine.view == before)
        }
    }
}
