import Activation
import Model
import Testing

struct ArtifactTests {
    @Test("A service needs the artifacts of its releases, and of what is being prepared")
    func needed() {
        var rig = Rig()
        #expect(rig.world.machine.artifacts == [])
        rig.deploy(1)
        #expect(rig.world.machine.artifacts == [Fixture.digest(101)])
        let (command, reading) = rig.coordinator.prepare(2)
        _ = rig.send(command, reading, settling: false)
        #expect(Set(rig.world.machine.artifacts) == [Fixture.digest(101), Fixture.digest(102)])
    }

    @Test("A release that was discarded before it ran needs its artifact no more")
    func discarded() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.ask(.discard(release: Fixture.digest(2)))
        #expect(rig.world.machine.artifacts == [Fixture.digest(101)])
    }
}
