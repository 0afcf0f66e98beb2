import Activation
import Model
import Testing

struct ReportTests {
    @Test("What was seen before a change says nothing about the release after it")
    func dropsLateLook() {
        var rig = Rig()
        rig.deploy(1)
        let before = rig.world.machine.lastStep
        rig.deploy(2)
        let sick = Observation(unit: Fixture.unitState("failed"), checks: [], current: Fixture.id(1))
        rig.world.feed(.observed(sick, after: before))
        #expect(rig.world.machine.report.health == .healthy)
        #expect(rig.world.machine.report.drift == [])
        rig.world.feed(.observed(sick, after: rig.world.machine.lastStep))
        #expect(rig.world.machine.report.health != .healthy)
    }

    @Test("The manifest's digest is what was found when the release was unpacked")
    func bindsManifest() {
        var rig = Rig()
        rig.deploy(1)
        #expect(rig.world.machine.expected?.release == Fixture.id(1))
        #expect(rig.world.machine.expected?.manifest == Fixture.digest(50))
    }
}
