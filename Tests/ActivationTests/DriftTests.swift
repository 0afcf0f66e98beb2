import Activation
import Model
import Testing

/// Services that are not as their release left them.
struct DriftTests {
    private static let alice = Requester.local(1, user: "alice")

    private static func look(_ rig: inout Rig, drift: [String] = [], unit: UnitState? = Fixture.unitState()) {
        let look = Observation(unit: unit, checks: [Fixture.passed], current: rig.world.link, drift: drift)
        rig.world.feed(.observed(look, after: rig.world.machine.lastStep))
    }

    /// Runs 2 after 1, and the tree of 2 was changed.
    private static func damaged() -> Rig {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        rig.world.damaged = [Fixture.id(2)]
        return rig
    }

    @Test("A link that somebody turned is drift, and what the host counts as its release is said beside it")
    func link() {
        var rig = Self.damaged()
        rig.world.link = Fixture.id(1)
        Self.look(&rig)
        let report = rig.world.machine.report
        #expect(report.drift.contains { $0.contains("current names \(Fixture.id(1)), expected \(Fixture.id(2))") })
        #expect(report.current?.id == Fixture.id(1) && report.expected == Fixture.id(2))
        rig.world.link = Fixture.id(2)
        Self.look(&rig)
        #expect(rig.world.machine.report.expected == nil && rig.world.machine.report.drift == [])
    }

    @Test("A unit that was stopped is drift; one that has failed is ill, which a new release may cure")
    func stopped() {
        var rig = Self.damaged()
        let stopped = UnitState(unit: Fixture.unit, active: "inactive", sub: "dead", result: "success", restarts: 0)
        Self.look(&rig, unit: stopped)
        #expect(rig.world.machine.report.drift == ["web.service is inactive (dead), expected active: it was stopped"])
        #expect(rig.world.machine.report.health.isHealthy == false)
        Self.look(&rig, unit: Fixture.unitState("failed"))
        #expect(rig.world.machine.report.drift == [])
    }

    @Test("A restart that repairs stops, restores, puts links and units back, starts; a plain one restores nothing")
    func restart() {
        var rig = Self.damaged()
        rig.world.link = Fixture.id(1)
        var plain = rig
        _ = rig.send(rig.coordinator.activate(2, .restart, drift: .repair), settling: false)
        let steps = rig.steps()
        #expect(
            steps == [
                "armDeadMan", "runHook", "stop", "restore", "switchTo", "start", "check", "runHook", "armDeadMan",
            ]
        )
        #expect(rig.world.damaged == [] && rig.world.link == Fixture.id(2) && rig.world.running == Fixture.id(2))
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.machine.report.drift == [])
        #expect(rig.world.machine.report.previous?.id == Fixture.id(1), "a repair is no move")
        #expect(rig.world.previousLink == Fixture.id(1))
        #expect(rig.world.violations == [])

        _ = plain.send(plain.coordinator.activate(2, .restart), settling: false)
        #expect(!plain.steps().contains("restore"))
    }

    @Test("A deployment that repairs makes the way back whole before it leaves it, and it goes back to that")
    func deploy() {
        var rig = Self.damaged()
        _ = rig.prepare(3)
        rig.world.failingChecks = [Fixture.id(3)]
        _ = rig.send(rig.coordinator.activate(3, drift: .repair))
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(2))
        #expect(rig.world.damaged == [])
        #expect(rig.world.violations == [])
    }

    @Test("Where it can't be repaired, what ran before runs again, and says why")
    func fails() throws {
        var rig = Self.damaged()
        let command = rig.coordinator.activate(2, .restart, drift: .repair)
        _ = rig.send(command, settling: false)
        rig.run { if case .restore = $0 { true } else { false } }
        rig.world.finishEffect(.failsBefore)
        rig.world.settle()
        guard case .reverted(to: Fixture.id(2), let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("\(rig.world.replies[.command(command.id)] as Any)")
            return
        }
        #expect(failure.code == .internalError)
        #expect(rig.world.running == Fixture.id(2) && rig.world.violations == [])
    }

    @Test("An agent that dies on the way goes on with the repair", arguments: 0..<7, [true, false])
    func crash(steps: Int, applying: Bool) {
        var rig = Self.damaged()
        _ = rig.send(rig.coordinator.activate(2, .restart, drift: .repair), settling: false)
        for _ in 0..<steps { rig.world.finishEffect() }
        rig.world.crash(applying: applying)
        rig.world.settle()
        #expect(rig.world.running == Fixture.id(2) && rig.world.link == Fixture.id(2))
        #expect(rig.phase == .reverted || rig.world.damaged == [])
        #expect(rig.world.violations == [])
    }

    @Test("A person repairs without a coordinator and holds nothing; under a claim they are told who has it")
    func byHand() {
        var rig = Self.damaged()
        rig.world.feed(.local(.repair, Self.alice))
        guard case .refused(let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("repaired under a claim")
            return
        }
        #expect(failure.code == .claimRefused)
        _ = rig.ask(.releaseClaim)
        let bob = Requester.local(2, user: "bob")
        rig.world.feed(.local(.repair, bob))
        rig.world.settle()
        #expect(rig.world.replies[bob] == [.committed(Fixture.id(2))])
        #expect(rig.world.damaged == [] && rig.world.machine.report.held == nil)
        #expect(rig.world.acts.last?.by == "bob" && rig.world.acts.last?.purpose == .restart)
        #expect(rig.world.violations == [])

        var empty = Rig()
        empty.world.feed(.local(.repair, Self.alice))
        guard case .refused(let nothing)? = empty.world.replies[Self.alice]?.last else { return }
        #expect(nothing.code == .nothingToRollBackTo)
    }
}
