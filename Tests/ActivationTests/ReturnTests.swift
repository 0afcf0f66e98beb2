import Activation
import Model
import Testing

/// A host that had accepted an order, and was away when its rollout ended.
struct ReturnTests {
    /// Runs 1, has accepted the order of a rollout to 2, and is claimed by the next one after what happened `meanwhile`.
    private struct Return {
        var rig = Rig()
        let order: Order

        init(meanwhile: (inout Rig) -> Void = { _ in }) {
            rig.deploy(1)
            rig.world.blessed = [Fixture.id(1)]
            _ = rig.ask(.releaseClaim)
            _ = rig.claim()
            order = Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch)
            _ = rig.prepare(2)
            meanwhile(&rig)
            _ = rig.claim()
        }

        /// What the host says to the same order, which comes late now.
        mutating func prepare() -> HostReply? {
            var material = Fixture.material
            material.isCatchUp = true
            let read = ReadOrder(order: order, release: Fixture.release(2), releaseDigest: Fixture.digest(2))
            return rig.send(rig.coordinator.command(.prepare(material)), .order(read))
        }

        mutating func isTaken() -> Bool {
            guard prepare() == .prepared(Fixture.id(2)), rig.activate(2) == .awaitingCommit(Fixture.id(2)) else {
                return false
            }
            return rig.commit(2) == .committed(Fixture.id(2)) && rig.world.violations == []
        }
    }

    @Test("Lost before its turn, it takes the same order late")
    func beforeItsTurn() {
        var host = Return()
        let isTaken = host.isTaken()
        #expect(isTaken)
    }

    @Test(
        "Its power was cut in the middle of the change: back on its old release, it takes the order late",
        arguments: 0..<9
    )
    func powerCut(at step: Int) {
        var host = Return { rig in
            _ = rig.send(rig.coordinator.activate(2), settling: false)
            for _ in 0..<step { rig.world.finishEffect() }
            rig.world.reboot(applying: true, early: true)
            rig.world.settle()
        }
        #expect(host.rig.current == Fixture.id(1))
        let isTaken = host.isTaken()
        #expect(isTaken)
    }

    @Test("Cut off while it waited for its commit, it takes the order late")
    func cutOff() {
        var host = Return { rig in
            _ = rig.activate(2)
            rig.world.pass(.seconds(90))
            rig.world.settle()
        }
        #expect(host.rig.current == Fixture.id(1))
        let isTaken = host.isTaken()
        #expect(isTaken)
    }

    @Test("A release that was tried and did not work is not taken again by the same order")
    func failed() {
        var host = Return { rig in
            rig.world.failingChecks = [Fixture.id(2)]
            _ = rig.activate(2)
            rig.world.failingChecks = []
        }
        guard case .refused(let failure)? = host.prepare() else {
            Issue.record("taken again")
            return
        }
        #expect(failure.message.contains("was accepted"))
    }

    @Test("A rollout that ended with the host there has had its word: its order counts no more")
    func givenBack() {
        var host = Return { _ = $0.ask(.releaseClaim) }
        guard case .refused(let failure)? = host.prepare() else {
            Issue.record("taken again")
            return
        }
        #expect(failure.message.contains("was accepted"))
    }

    @Test("What a rollback has voided stays so, on a host that was away as well")
    func voided() {
        var host = Return { rig in
            var claim = rig.coordinator.claim(above: rig.coordinator.epoch)
            claim.history = LedgerHistory(checkpoint: [], since: 0, proof: [], purpose: .rollback)
            _ = rig.send(claim)
        }
        guard case .refused(let failure)? = host.prepare() else {
            Issue.record("taken again")
            return
        }
        #expect(failure.message.contains("has gone back since"))
    }
}
