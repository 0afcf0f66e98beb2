import Activation
import Model
import Testing

struct RecoverTests {
    @Test("An agent that dies at any step goes on and ends well", arguments: 0..<14, [false, true])
    func crashes(at step: Int, applying: Bool) {
        var rig = Rig()
        rig.deploy(1)
        let (prepare, reading) = rig.coordinator.prepare(2)
        _ = rig.send(prepare, reading, settling: false)
        for _ in 0..<min(step, 5) { rig.world.finishEffect() }
        if step < 5 {
            rig.world.crash(applying: applying)
            #expect(rig.send(prepare, reading) == .prepared(Fixture.id(2)))
        }
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        for _ in 5..<max(5, step) { rig.world.finishEffect() }
        rig.world.crash(applying: applying)
        while rig.world.effect != nil { rig.world.finishEffect() }
        #expect(rig.world.replies[.command(command.id)]?.last == .awaitingCommit(Fixture.id(2)))
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.violations == [])
    }

    @Test("An uncommitted release does not survive a reboot", arguments: 0..<9, [false, true])
    func reboots(at step: Int, early: Bool) {
        var rig = Rig()
        rig.deploy(1)
        rig.world.blessed = [Fixture.id(1)]
        _ = rig.prepare(2)
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        for _ in 0..<step { rig.world.finishEffect() }
        rig.world.reboot(applying: true, early: early)
        rig.world.settle()
        guard case .reverted(Fixture.id(1), let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not reverted: \(rig.world.replies[.command(command.id)] as Any)")
            return
        }
        #expect(failure.code == .rebooted)
        #expect(rig.world.running == Fixture.id(1))
        #expect(rig.world.violations == [])
    }

    @Test("A timer that outlived its change is stopped by the next agent; before services start, nothing is")
    func leftTimer() {
        var rig = Rig()
        rig.deploy(1)
        var machine = rig.world.machine
        #expect(machine.recover(rig.world.facts, at: rig.world.now).contains(.disarmDeadMan))
        let facts = rig.world.facts
        let early = DiskFacts(
            stage: .earlyBoot,
            current: facts.current,
            previous: facts.previous,
            releases: facts.releases,
            unit: facts.unit
        )
        #expect(!machine.recover(early, at: rig.world.now).contains(.disarmDeadMan))
    }

    @Test("A first release that was stuck on its way back does not start at boot, whatever was prepared since")
    func stuckAndPreparing() {
        var rig = Rig()
        rig.world.blessed = []
        _ = rig.claim()
        _ = rig.prepare(2)
        rig.world.failingChecks = [Fixture.id(2)]
        _ = rig.send(rig.coordinator.activate(2), settling: false)
        while rig.phase != .reverting, rig.world.effect != nil { rig.world.finishEffect() }
        while rig.phase == .reverting, rig.world.effect != nil { rig.world.finishEffect(.failsBefore) }
        #expect(rig.phase == .stuck && rig.world.link == Fixture.id(2))
        let (prepare, reading) = rig.coordinator.prepare(3)
        _ = rig.send(prepare, reading, settling: false)
        #expect(rig.phase == .preparing)
        rig.world.reboot(applying: false, early: true)
        #expect(rig.world.running == nil)
        rig.world.settle()
        #expect(rig.world.link == nil)
        #expect(rig.world.violations == [])
    }

    @Test("A committed release survives a reboot without a touch")
    func committedStays() {
        var rig = Rig()
        rig.deploy(1)
        rig.world.blessed = [Fixture.id(1)]
        rig.world.reboot(applying: false, early: true)
        #expect(rig.world.effect == nil)
        #expect(rig.current == Fixture.id(1))
    }

    @Test("The timer outside of the agent takes the release back when the agent was dead at the deadline")
    func deadMan() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.activate(2)
        rig.world.clock += 60_000
        rig.world.crash(applying: false)
        rig.world.feed(.deadManFired)
        rig.world.settle()
        #expect(rig.phase == .reverted)
        #expect(rig.world.running == Fixture.id(1))
        #expect(rig.world.violations == [])
    }

    @Test("A timer that was armed for an earlier deadline decides nothing")
    func earlyDeadMan() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.activate(2)
        rig.world.feed(.deadManFired)
        #expect(rig.phase == .awaitingCommit)
    }

    @Test("A lost journal takes the linked release from the disk")
    func lostJournal() {
        var rig = Rig()
        rig.deploy(1)
        var fresh = ModelWorld().machine
        _ = fresh.recover(rig.world.facts, at: rig.world.now)
        #expect(fresh.report.current?.id == Fixture.id(1))
        #expect(fresh.pinned == [Fixture.id(1)])
    }
}
