import Activation
import Model
import Testing

/// A service that leaves its host.
struct RemoveTests {
    /// Two releases were there; a rollout that removes the second one holds the host.
    private func rig() -> Rig {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        return rig
    }

    private func remove(_ release: Int = 2) -> HostRequest {
        .remove(release: Fixture.digest(release), reason: "the branch was merged")
    }

    @Test("It stops, and links, unit and every release go; said again, it changes nothing")
    func removed() {
        var rig = rig()
        #expect(rig.ask(remove()) == .reverted(to: nil, failure: Failure(.cancelled, "the branch was merged")))
        let report = rig.world.machine.report
        #expect(report.current == nil && report.previous == nil && report.operation?.phase == .reverted)
        #expect(rig.world.trees.isEmpty)
        #expect(rig.world.machine.installedReleases.isEmpty)
        #expect(rig.world.violations == [])
        #expect(rig.ask(remove()) == .reverted(to: nil, failure: Failure(.cancelled, "the branch was merged")))
        #expect(rig.world.effect == nil)
        _ = rig.ask(.releaseClaim)
        rig.deploy(3)
        #expect(rig.current == Fixture.id(3))
        #expect(rig.world.violations == [])
    }

    @Test("What runs must be what was meant, and nothing under way; the answer says what is there")
    func refused() {
        var rig = rig()
        guard case .refused(let failure) = rig.ask(remove(1)) else {
            Issue.record("another release was removed")
            return
        }
        #expect(failure.code == .orderRefused && failure.message.contains("runs \(Fixture.id(2))"), "\(failure)")
        #expect(rig.current == Fixture.id(2))
        _ = rig.prepare(3)
        guard case .refused(let busy) = rig.ask(remove()) else {
            Issue.record("a prepared host was changed")
            return
        }
        #expect(busy.code == .busy)
    }

    @Test("Without a claim, or by an old one, nothing is removed")
    func unclaimed() {
        var rig = rig()
        _ = rig.ask(.releaseClaim)
        guard case .refused(let failure) = rig.ask(remove()) else {
            Issue.record("removed without a claim")
            return
        }
        #expect(failure.code == .claimMissing)
        #expect(rig.current == Fixture.id(2))
    }

    @Test("An agent that dies in the middle goes on until nothing is left", arguments: 0..<6)
    func killed(after effects: Int) {
        var rig = rig()
        let command = rig.coordinator.command(remove())
        _ = rig.send(command, settling: false)
        for _ in 0..<effects { rig.world.finishEffect() }
        rig.world.crash(applying: true)
        for _ in 0..<200 where rig.world.effect != nil { rig.world.finishEffect() }
        #expect(rig.send(command) == .reverted(to: nil, failure: Failure(.cancelled, "the branch was merged")))
        #expect(rig.current == nil && rig.world.trees.isEmpty)
        #expect(rig.world.violations == [])
    }
}
