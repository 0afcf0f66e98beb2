import Model
import Rollout
import Testing

/// What a failure leads to.
struct FailureTests {
    private var rest: [StagePolicy] { [StagePolicy(selection: .rest)] }

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
}
