import Model
import Rollout
import Testing

/// Hosts that ran nothing before, and shall run nothing again.
struct FirstDeploymentTests {
    @Test("A first deployment that fails at a later host is taken back to nothing, one host at a time")
    func firstDeploymentTakenBack() throws {
        var fleet = try Fleet(3, before: nil)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        fleet.failNext()
        #expect(fleet.machine.view.phase == .rollingBack)
        #expect(fleet.reverts == [0])
        #expect(fleet.revertNext() == 0)
        #expect(fleet.revertNext() == 1)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.results() == [.wentBack, .wentBack, .failed])
    }

    @Test("A host that keeps its first release although told otherwise is named, and the rollout has failed")
    func firstDeploymentKept() throws {
        var fleet = try Fleet(2, before: nil)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.failNext()
        fleet.revertNext(with: .committed(fleet.plan.target))
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .failed)
        #expect(fleet.results() == [.stuck, .failed])
    }

    @Test("New hosts go back to nothing only as far as the fleet was in service before")
    func newHostsTakenBack() throws {
        var fleet = try Fleet(4, floor: 3, stages: [StagePolicy(selection: .rest)], before: nil)
        for host in 0...1 { fleet.current[host] = try PlanFixture.release("1.4.1", "a") }
        fleet.muster()
        fleet.prepareAll()
        #expect(fleet.started == [2])
        fleet.updateNext()
        fleet.failNext()
        // 3 in service, floor 3, 2 at the start: the new host may go, as it was not there before.
        #expect(fleet.revertNext() == 2)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.summary?.capacity.lowest == 2)
    }

    @Test("A new host stays while one of those in service before is ill")
    func newHostFillsIn() throws {
        var fleet = try Fleet(4, floor: 2, stages: [StagePolicy(selection: .rest)], before: nil)
        for host in 0...1 { fleet.current[host] = try PlanFixture.release("1.4.1", "a") }
        fleet.muster()
        fleet.prepareAll()
        #expect(fleet.started == [2])
        fleet.updateNext()
        fleet.report(0, health: .unhealthy(reason: "status 500"))
        fleet.failNext()
        // 2 in service, the new host one of them, as many as at the start: nobody may go.
        #expect(fleet.machine.view.phase == .rollingBack)
        #expect(fleet.reverts.isEmpty)
        fleet.report(0)
        #expect(fleet.revertNext() == 2)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.summary?.capacity.lowest == 2)
    }
}
