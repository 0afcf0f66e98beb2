import Activation
import Model
import Testing

/// What receipts say: exactly what the machine has ended, once.
struct ReceiptTests {
    private static let alice = Requester.local(1, user: "alice")

    private func prepare(_ rig: inout Rig, _ release: Int, breakGlass: BreakGlass? = nil) {
        var order = Fixture.order(release, rig.coordinator.rollout, rig.coordinator.epoch)
        order.requester = OperatorName(validated: "bob@desk")
        let read = ReadOrder(
            order: order,
            release: Fixture.release(release),
            releaseDigest: Fixture.digest(release),
            orderDigest: Fixture.digest(99)
        )
        let command = rig.coordinator.command(.prepare(Fixture.material))
        rig.world.breakGlass = breakGlass
        _ = rig.send(command, .order(read))
    }

    @Test("A commit is attested with its order, and with who asked for it")
    func committed() throws {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        prepare(&rig, 2)
        _ = rig.activate(2)
        #expect(rig.world.acts.count == 1, "what waits for its commit has not ended")
        _ = rig.commit(2)
        let act = try #require(rig.world.acts.last)
        #expect(rig.world.acts.count == 2)
        #expect(act.outcome == .committed && act.purpose == .deploy)
        #expect(act.release == Fixture.id(2) && act.running == Fixture.id(2) && act.predecessor == Fixture.id(1))
        #expect(act.artifact == Fixture.release(2).artifact.digest)
        #expect(act.request?.rollout == rig.coordinator.rollout && act.request?.epoch == rig.coordinator.epoch)
        #expect(act.order == Fixture.digest(99) && act.by == "bob@desk")
        #expect(act.breakGlass == nil && act.brokenClaim == nil && act.failure == nil)
        _ = rig.commit(2)
        #expect(rig.world.acts.count == 2, "a commit that is said again ends nothing")
    }

    @Test("A revert is attested with its cause, and says what runs then")
    func reverted() throws {
        var rig = Rig()
        rig.deploy(1)
        rig.world.failingChecks = [Fixture.id(2)]
        prepare(&rig, 2)
        _ = rig.activate(2)
        let act = try #require(rig.world.acts.last)
        #expect(rig.world.acts.count == 2)
        #expect(act.outcome == .reverted && act.failure == .checkFailed)
        #expect(act.release == Fixture.id(2) && act.running == Fixture.id(1))
    }

    @Test("What was refused, and what was only prepared, is no act")
    func refused() {
        var rig = Rig()
        rig.deploy(1)
        let before = rig.world.acts
        _ = rig.prepare(2)
        _ = rig.ask(.discard(release: Fixture.digest(2)))
        _ = rig.activate(3)
        #expect(rig.world.acts == before)
    }

    @Test("Local acts name their user; one that breaks a rollout's claim names that, and why")
    func local() throws {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        let broken = rig.coordinator.rollout
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "shop is down"), Self.alice))
        rig.world.settle()
        let act = try #require(rig.world.acts.last)
        #expect(act.isLocal && act.by == "alice" && act.purpose == .rollback && act.outcome == .committed)
        #expect(act.brokenClaim == broken && act.reason?.contains("shop is down") == true)
        #expect(act.order == nil && act.running == Fixture.id(1))
    }

    @Test("A broken glass is attested where it was broken, and not again by the way back to its release")
    func breakGlass() throws {
        var rig = Rig()
        rig.deploy(1)
        let glass = BreakGlass(by: "night", reason: "outage")
        prepare(&rig, 2, breakGlass: glass)
        _ = rig.activate(2)
        _ = rig.commit(2)
        #expect(rig.world.acts.last?.breakGlass == glass)
        prepare(&rig, 3)
        _ = rig.activate(3)
        _ = rig.commit(3)
        #expect(rig.world.acts.last?.release == Fixture.id(3) && rig.world.acts.last?.breakGlass == nil)
        _ = rig.activate(2, .rollback)
        _ = rig.commit(2)
        let act = try #require(rig.world.acts.last)
        #expect(act.release == Fixture.id(2) && act.purpose == .rollback && act.outcome == .committed)
        #expect(act.breakGlass == nil)
    }
}
