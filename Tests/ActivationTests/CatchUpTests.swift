import Activation
import Model
import Testing

/// A host that was away while a rollout ran, and its order's third time.
struct CatchUpTests {
    /// Runs 1, was away during the rollout whose order brings 2, and is claimed by the one after that.
    private struct Absence {
        var rig = Rig()
        let missed: Order

        init(days: Int64 = 2, whileAway: (inout Rig) -> Void = { _ in }) {
            rig.deploy(1)
            _ = rig.ask(.releaseClaim)
            rig.coordinator.number += 1
            rig.coordinator.epoch = rig.coordinator.epoch.next
            missed = Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch)
            whileAway(&rig)
            rig.world.clock += TimeSpan.days(days).milliseconds
            _ = rig.claim()
        }

        mutating func prepare(_ order: Order, late: Bool = true, release: Int = 2) -> HostReply? {
            var material = Fixture.material
            material.isCatchUp = late
            let read = ReadOrder(
                order: order,
                release: Fixture.release(release),
                releaseDigest: Fixture.digest(release)
            )
            return rig.send(rig.coordinator.command(.prepare(material)), .order(read))
        }

        /// Why the order is not taken.
        mutating func refusal(_ order: Order, late: Bool = true) -> Failure? {
            guard case .refused(let failure)? = prepare(order, late: late) else { return nil }
            return failure
        }
    }

    @Test("It takes the order late, once its coordinator asks for that, and switches until catch_up_until")
    func catchesUp() {
        var absence = Absence()
        #expect(absence.refusal(absence.missed, late: false)?.code == .orderRefused)
        #expect(absence.prepare(absence.missed) == .prepared(Fixture.id(2)))
        // Past `valid_until`, which was for those who were there.
        absence.rig.world.clock += TimeSpan.days(2).milliseconds
        _ = absence.rig.ask(.releaseClaim)
        _ = absence.rig.claim()
        #expect(absence.refusal(absence.missed)?.message.contains("was accepted") == true)

        absence = Absence(days: 4)
        #expect(absence.prepare(absence.missed) == .prepared(Fixture.id(2)))
        #expect(absence.rig.activate(2) == .awaitingCommit(Fixture.id(2)))
        #expect(absence.rig.commit(2) == .committed(Fixture.id(2)))
        #expect(absence.rig.world.violations == [])
    }

    @Test("Past catch_up_until it takes it no more, and does not switch under it")
    func tooLate() {
        var late = Absence(days: 9)
        let failure = late.refusal(late.missed)
        #expect(failure?.code == .orderExpired)
        #expect(failure?.message.contains("could be caught up with until") == true)

        var prepared = Absence()
        #expect(prepared.prepare(prepared.missed) == .prepared(Fixture.id(2)))
        prepared.rig.world.clock += TimeSpan.days(7).milliseconds
        guard case .refused(let expired)? = prepared.rig.activate(2) else {
            Issue.record("switched under an order that was over")
            return
        }
        #expect(expired.code == .orderExpired)
    }

    @Test("It is verified like any other order")
    func verified() {
        var absence = Absence()
        absence.rig.world.hasApprovals = false
        #expect(absence.refusal(absence.missed)?.code == .approvalRefused)
        guard case .refused? = absence.rig.activate(2) else {
            Issue.record("switched without approvals")
            return
        }
    }

    @Test("A host that accepted the order, or one after it, had its chance")
    func hadItsChance() {
        var absence = Absence()
        #expect(absence.prepare(absence.missed) == .prepared(Fixture.id(2)))
        _ = absence.rig.ask(.discard(release: Fixture.digest(2)))
        _ = absence.rig.ask(.releaseClaim)
        _ = absence.rig.claim()
        #expect(absence.refusal(absence.missed)?.message.contains("was accepted") == true)

        var newer = Absence { rig in
            rig.deploy(3)
            _ = rig.ask(.releaseClaim)
        }
        #expect(newer.refusal(newer.missed)?.message.contains("was accepted") == true)
        #expect(newer.rig.current == Fixture.id(3))
    }

    @Test("What was ordered before a rollback is not caught up with")
    func rolledBack() {
        var absence = Absence { rig in
            var claim = rig.coordinator.claim(above: rig.coordinator.epoch)
            claim.history = LedgerHistory(checkpoint: [], since: 0, proof: [], purpose: .rollback)
            _ = rig.send(claim)
            _ = rig.ask(.releaseClaim)
        }
        #expect(absence.refusal(absence.missed)?.message.contains("has gone back since") == true)
    }

    @Test("A held host is left alone")
    func held() {
        var absence = Absence { rig in
            rig.world.feed(.local(.rollback(to: Fixture.digest(1)), .local(1, user: "alice")))
            let release = LocalRelease(
                release: Fixture.release(4),
                digest: Fixture.digest(4),
                material: Fixture.material
            )
            rig.world.feed(.local(.apply(release), .local(2, user: "alice")))
            rig.world.settle()
        }
        #expect(absence.refusal(absence.missed)?.code == .held)
    }

    @Test("Only its own ledger may bring it, and no earlier rollout than its own")
    func speaksOfOthers() {
        var absence = Absence()
        var order = Fixture.order(2, Fixture.rollout(3, ledger: 1), Epoch(2))
        #expect(absence.refusal(order)?.message.contains("of which no claim here may speak") == true)
        order = Fixture.order(2, Fixture.rollout(99), Epoch(2))
        #expect(absence.refusal(order)?.message.contains("of which no claim here may speak") == true)
        order = Fixture.order(2, absence.rig.coordinator.rollout, Epoch(2))
        #expect(absence.refusal(order)?.message.contains("of which no claim here may speak") == true)
    }

    @Test("It must be for this host and this release all the same")
    func mismatch() {
        var absence = Absence()
        var order = absence.missed
        order.hosts = [HostID("web-2")!]
        #expect(absence.refusal(order)?.message.contains("does not name web-1") == true)
        order = absence.missed
        order.release = Fixture.digest(3)
        #expect(absence.refusal(order)?.message.contains("the order names release") == true)
        order = absence.missed
        order.catchUpUntil = order.startBy + .days(30)
        #expect(absence.refusal(order)?.message.contains("is the most") == true)
    }

    @Test("A host that joins a rollout late takes that rollout's own order")
    func joinsLate() {
        var absence = Absence()
        let own = Fixture.order(2, absence.rig.coordinator.rollout, absence.rig.coordinator.epoch)
        #expect(absence.refusal(own, late: false)?.message.contains("had to start by") == true)
        #expect(absence.prepare(own) == .prepared(Fixture.id(2)))
        // Asked again, it is the same leave.
        #expect(absence.prepare(own) == .prepared(Fixture.id(2)))
        #expect(absence.rig.activate(2) == .awaitingCommit(Fixture.id(2)))
    }
}
