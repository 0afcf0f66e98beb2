import Activation
import Model
import Testing

struct ReportTests {
    @Test("The manifest's digest is what was found when the release was unpacked")
    func bindsManifest() {
        var rig = Rig()
        rig.deploy(1)
        #expect(rig.world.machine.expected?.release == Fixture.id(1))
        #expect(rig.world.machine.expected?.manifest == Fixture.digest(50))
    }
}
