import Activation
import Model
import Testing

/// The agent replaces itself: the process that decides ends with what it stops.
struct AgentReplacementTests {
    private let old = Fixture.id(1)
    private let new = Fixture.id(2)

    @Test("The agent hands over, is stopped by another, and its successor goes on up to the commit")
    func succeeds() {
        var host = AgentWorld()
        let id = host.begin()
        host.rig.run { $0 == .handOver }
        #expect(host.rig.world.running == old && host.rig.world.link == old, "nothing was touched before")
        #expect(host.rig.world.machine.keeper == "/releases/1")
        host.run()
        #expect(host.isWithin && host.takeovers == 1)
        #expect(host.rig.world.replies[.command(id)]?.last == .awaitingCommit(new))
        #expect(host.rig.world.machine.keeper == "/releases/1", "the one before stands by until the commit")
        #expect(host.rig.commit(2) == .committed(new))
        #expect(host.rig.world.machine.keeper == nil && host.rig.world.machine.deadline == nil)
        #expect(host.rig.world.violations == [])
    }

    @Test("One that does not start is taken back by whoever started it")
    func broken() {
        var host = AgentWorld()
        host.rig.world.broken = [new]
        let id = host.begin()
        host.run()
        expectReverted(host, id, .unitStart)
    }

    @Test("One that starts and is not well hands back itself")
    func unwell() {
        var host = AgentWorld()
        host.rig.world.failingChecks = [new]
        let id = host.begin()
        host.run()
        expectReverted(host, id, .checkFailed)
        #expect(host.takeovers == 2)
    }

    @Test("One that is started again before its commit is not stable")
    func crashes() {
        var host = AgentWorld()
        let id = host.begin()
        while host.rig.phase != .awaitingCommit, host.rig.world.effect != nil { host.step() }
        host.kill(applying: false)
        host.run()
        expectReverted(host, id, .unitUnstable)
    }

    @Test("Without a commit the one before comes back, and says why")
    func forsaken() {
        var host = AgentWorld()
        let id = host.begin()
        host.run()
        host.rig.world.pass(.minutes(5))
        host.run()
        expectReverted(host, id, .commitMissing)
    }

    @Test("One that hangs is stopped at the deadline by who stood by")
    func hangs() {
        var host = AgentWorld()
        let id = host.begin()
        host.rig.run { $0 == .handOver }
        host.step()
        host.rig.run { if case .start = $0 { true } else { false } }
        host.step()
        #expect(host.isWithin && host.rig.world.running == new)
        host.rig.world.clock += 600_000
        host.takeOver(because: nil)
        host.run()
        expectReverted(host, id, .deadline)
    }

    @Test("One that somebody starts in the middle of the switch hands over again")
    func startedByHand() {
        var host = AgentWorld()
        let id = host.begin()
        host.rig.run { $0 == .handOver }
        host.step()
        host.rig.run { if case .switchTo = $0 { true } else { false } }
        host.startAgent()
        #expect(host.rig.world.effect?.effect == .handOver)
        host.run()
        #expect(host.rig.world.replies[.command(id)]?.last == .awaitingCommit(new))
        #expect(host.takeovers == 2)
        #expect(host.rig.world.violations == [])
    }

    @Test("When nobody takes over, nothing was touched")
    func nobody() {
        var host = AgentWorld()
        let id = host.begin()
        host.rig.run { $0 == .handOver }
        host.rig.world.finishEffect()
        while host.rig.world.effect != nil { host.rig.world.finishEffect() }
        guard case .reverted(old, _)? = host.rig.world.replies[.command(id)]?.last else {
            Issue.record("not reverted: \(host.rig.world.replies[.command(id)] as Any)")
            return
        }
        #expect(host.takeovers == 0 && host.rig.world.running == old)
        #expect(host.rig.world.violations == [])
    }

    enum Build: String, CaseIterable { case good, broken, unwell }

    @Test("Whoever decides may die at any step: one agent runs in the end, whole, and the next upgrade succeeds")
    func killedAnywhere() {
        var points = 0
        for build in Build.allCases {
            for applying in [false, true] {
                var step = 0
                while kill(build, at: step, applying: applying) {
                    points += 1
                    step += 1
                }
            }
        }
        #expect(points > 60, "only \(points) points were tried")
    }

    /// False when the replacement was over before that step.
    private func kill(_ build: Build, at step: Int, applying: Bool) -> Bool {
        var host = AgentWorld()
        switch build {
        case .good: break
        case .broken: host.rig.world.broken = [new]
        case .unwell: host.rig.world.failingChecks = [new]
        }
        _ = host.begin()
        for _ in 0..<step where host.rig.world.effect != nil { host.step() }
        guard host.rig.world.effect != nil else { return false }
        host.kill(applying: applying)
        host.run()
        let label: Comment = "\(build.rawValue), killed at step \(step), applying \(applying)"
        if host.rig.phase == .awaitingCommit { _ = host.rig.commit(2) }
        #expect(host.rig.world.violations == [], label)
        #expect(host.isWithin && host.rig.world.running == host.rig.world.link, label)
        #expect(host.rig.world.running == host.rig.current, label)
        #expect(host.rig.phase == .committed || host.rig.phase == .reverted, label)
        host.rig.world.broken = []
        host.rig.world.failingChecks = []
        if host.rig.current == old {
            _ = host.rig.prepare(2)
            _ = host.begin()
            host.run()
            #expect(host.rig.commit(2) == .committed(new), label)
        }
        #expect(host.rig.world.running == new, label)
        return true
    }

    private func expectReverted(_ host: AgentWorld, _ id: RequestID, _ code: Failure.Code) {
        let operation = host.rig.world.machine.report.operation
        #expect(operation?.origin == .rollout(id) && operation?.phase == .reverted)
        #expect(operation?.failure?.code == code)
        #expect(host.isWithin && host.rig.world.running == old && host.rig.world.link == old)
        #expect(host.rig.world.violations == [])
    }
}
