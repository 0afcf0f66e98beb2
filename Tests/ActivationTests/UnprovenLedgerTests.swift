import Activation
import Model
import Testing

/// A coordinator whose ledger a host does not believe, because it was rewritten, cut off, or is a stranger's.
struct UnprovenLedgerTests {
    private static let failure = Failure(.ledgerRefused, "the history was rewritten")

    /// Releases 1 and 2 were confirmed one after the other; a new rollout claims without a proven history.
    private func rig(for purpose: Purpose) -> (Rig, HostReply?) {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        let claim = rig.coordinator.claim(above: rig.coordinator.epoch)
        let reply = rig.send(claim, .broken(Self.failure, purpose: purpose))
        return (rig, reply)
    }

    @Test("It gets no claim for a deployment or a restart", arguments: [Purpose.deploy, .restart])
    func refused(_ purpose: Purpose) {
        let (rig, reply) = rig(for: purpose)
        #expect(reply == .refused(Self.failure))
        #expect(rig.world.machine.report.claim == nil)
    }

    @Test("It may take the service back to the confirmed predecessor, as anybody may")
    func wayBack() {
        var (rig, reply) = rig(for: .rollback)
        #expect(reply == .claimed(highest: rig.coordinator.epoch))
        #expect(rig.prepare(1) == .prepared(Fixture.id(1)))
        #expect(rig.activate(1, .rollback) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.commit(1) == .committed(Fixture.id(1)))
        #expect(rig.current == Fixture.id(1))
    }

    @Test("A claim for a way back is none for anything else")
    func nothingElse() {
        var (rig, _) = rig(for: .rollback)
        #expect(rig.prepare(3) == .refused(Self.failure))
        #expect(rig.prepare(2) == .refused(Self.failure))
        #expect(rig.activate(1) == .refused(Self.failure))
        #expect(rig.activate(3) == .refused(Self.failure))
        #expect(rig.activate(3, .rollback) == .refused(Self.failure))
        #expect(rig.activate(2, .restart) == .refused(Self.failure))
        #expect(rig.current == Fixture.id(2))
    }

    @Test("It goes back once, and to no release that was never confirmed")
    func onlyConfirmed() {
        var (rig, _) = rig(for: .rollback)
        _ = rig.activate(1, .rollback)
        _ = rig.commit(1)
        _ = rig.ask(.releaseClaim)
        let again = rig.coordinator.claim(above: rig.coordinator.epoch)
        _ = rig.send(again, .broken(Self.failure, purpose: .rollback))
        #expect(rig.activate(2, .rollback) == .refused(Self.failure))
        var other = Rig()
        _ = other.claim()
        for release in [1, 2] {
            _ = other.prepare(release)
            _ = other.activate(release)
            _ = other.commit(release)
        }
        _ = other.ask(.releaseClaim)
        let claim = other.coordinator.claim(above: other.coordinator.epoch)
        _ = other.send(claim, .broken(Self.failure, purpose: .rollback))
        #expect(other.activate(1, .rollback) == .refused(Self.failure), "1 was committed, never confirmed")
    }

    @Test("A claim that says nothing of its ledger is refused")
    func silent() {
        var rig = Rig()
        guard case .refused(let failure)? = rig.send(rig.coordinator.claim(above: .none), .nothing) else {
            Issue.record("claimed")
            return
        }
        #expect(failure.code == .ledgerRefused)
    }
}
