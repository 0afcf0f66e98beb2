import Activation
import Model
import Testing

struct ClaimTests {
    @Test("A second rollout is refused with who holds the service, and since when")
    func refusesSecond() {
        var rig = Rig()
        #expect(rig.claim() == .claimed(highest: Epoch(1)))
        var other = Coordinator(ledger: 1)
        let reply = rig.send(other.claim(above: Epoch(1)))
        guard case .refused(let failure)? = reply else {
            Issue.record("expected a refusal, got \(reply as Any)")
            return
        }
        #expect(failure.code == .claimRefused)
        #expect(failure.message.contains("alice@laptop"))
        #expect(rig.world.machine.report.claim?.rollout == rig.coordinator.rollout)
    }

    @Test("Once released, an older epoch stays out and the ledger decides between equal ones")
    func ordersByEpochAndLedger() {
        var rig = Rig()
        rig.coordinator = Coordinator(ledger: 1)
        _ = rig.claim()
        #expect(rig.ask(.releaseClaim) == .released)
        var equal = Coordinator(ledger: 0)
        guard case .refused(let failure)? = rig.send(equal.claim(above: .none)) else {
            Issue.record("the lower ledger got in with the same epoch")
            return
        }
        #expect(failure.code == .epochStale)
        #expect(rig.send(equal.claim(above: Epoch(1))) == .claimed(highest: Epoch(2)))
    }

    @Test("A preparation that goes with its claim is no news of the change before it")
    func givenUp() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        #expect(rig.world.announced.last?.phase == .prepared)
        let told = rig.world.announced.count
        #expect(rig.ask(.releaseClaim) == .released)
        #expect(rig.world.machine.report.operation?.phase == .committed)
        #expect(rig.world.announced.count == told)
    }

    @Test("Asking who holds it changes nothing")
    func inspects() {
        var rig = Rig()
        _ = rig.claim()
        let before = rig.world.machine
        var stranger = Coordinator(ledger: 1)
        let reply = rig.send(stranger.command(.inspectClaim))
        #expect(reply == .claimState(highest: Epoch(1), claim: before.report.claim))
        #expect(rig.world.machine == before)
    }

    @Test("A silent holder's claim lapses, one that shows life keeps it, and never while a release is uncommitted")
    func expires() {
        var rig = Rig()
        rig.deploy(1)
        rig.world.pass(.minutes(20))
        rig.world.feed(.holderHeard(rig.coordinator.rollout))
        rig.world.pass(.minutes(20))
        #expect(rig.world.machine.report.claim != nil)
        _ = rig.prepare(2)
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        rig.world.wakes = []
        rig.world.clock += TimeSpan.seconds(60).milliseconds
        #expect(rig.world.machine.report.claim != nil)
        rig.world.settle()
        rig.world.pass(.minutes(31))
        #expect(rig.world.machine.report.claim == nil)
    }

    @Test("A claim that has lapsed is its holder's again at its next word, with what it had prepared and may undo")
    func revives() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        rig.world.pass(.minutes(31))
        #expect(rig.world.machine.report.claim == nil)
        #expect(rig.activate(2) == .awaitingCommit(Fixture.id(2)))
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        rig.world.pass(.minutes(31))
        #expect(rig.activate(1, .rollback) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.world.machine.report.claim?.rollout == rig.coordinator.rollout)
        #expect(rig.world.violations == [])
    }

    @Test("A claim that has lapsed is gone once somebody else has claimed, or a person has changed the service")
    func doesNotRevive() {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        let first = rig.coordinator
        rig.world.pass(.minutes(31))
        var other = Coordinator(ledger: 1)
        #expect(rig.send(other.claim(above: first.epoch)) == .claimed(highest: first.epoch.next))
        expectRefused(rig.activate(2, .restart), .epochStale)

        rig.coordinator = other
        rig.world.pass(.minutes(31))
        rig.world.feed(.local(.rollback(to: nil), .local(1, user: "alice")))
        rig.world.settle()
        expectRefused(rig.activate(1, .restart), .claimMissing)
        #expect(rig.world.machine.report.held != nil)
    }

    private func expectRefused(_ reply: HostReply?, _ code: Failure.Code) {
        guard case .refused(let failure)? = reply else {
            Issue.record("took effect: \(reply as Any)")
            return
        }
        #expect(failure.code == code)
    }

    @Test("A change that outlasts the lease keeps its claim until it has ended")
    func outlastsLease() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        let order = ActivateOrder(
            release: Fixture.id(2),
            purpose: .deploy,
            activateWithin: .minutes(90),
            commitWithin: .minutes(90)
        )
        #expect(rig.ask(.activate(order)) == .awaitingCommit(Fixture.id(2)))
        rig.world.pass(.minutes(60))
        #expect(rig.phase == .awaitingCommit)
        #expect(rig.world.machine.report.claim != nil)
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
    }

    @Test("A command of another rollout, another epoch, or without a claim takes no effect")
    func fences() {
        var rig = Rig()
        rig.deploy(1)
        let old = rig.coordinator
        #expect(rig.ask(.releaseClaim) == .released)
        _ = rig.claim()
        var stale = old
        let before = rig.world.machine
        guard case .refused(let failure)? = rig.send(stale.activate(1, .restart)) else {
            Issue.record("a stale epoch took effect")
            return
        }
        #expect(failure.code == .epochStale)
        #expect(rig.world.machine == before)
    }

    @Test("A rollout that has claimed anew is deaf to its own older epoch")
    func fencesOwnEpoch() {
        var rig = Rig()
        rig.deploy(1)
        var old = rig.coordinator
        rig.coordinator.epoch = Epoch(2)
        let again = rig.coordinator.command(.claim(Fixture.claim(rig.coordinator.rollout, Epoch(2))))
        #expect(rig.send(again) == .claimed(highest: Epoch(2)))
        old.sequence += 100
        let before = rig.world.machine
        guard case .refused(let failure)? = rig.send(old.activate(1, .restart)) else {
            Issue.record("a stale epoch took effect")
            return
        }
        #expect(failure.code == .epochStale)
        #expect(rig.world.machine == before)
    }

    @Test("A request that a later one has overtaken is refused")
    func refusesOvertaken() {
        var rig = Rig()
        rig.deploy(1)
        let (late, reading) = rig.coordinator.prepare(2)
        _ = rig.prepare(3)
        guard case .refused(let failure)? = rig.send(late, reading) else {
            Issue.record("an overtaken request took effect")
            return
        }
        #expect(failure.code == .epochStale)
    }

    @Test("A repetition is answered as before, or by the end of what it has begun, and never performed again")
    func repeats() {
        var rig = Rig()
        _ = rig.claim()
        let (command, reading) = rig.coordinator.prepare(1)
        #expect(rig.send(command, reading, settling: false) == nil)
        let token = rig.world.effect?.token
        #expect(rig.send(command, reading, settling: false) == nil)
        #expect(rig.world.effect?.token == token)
        #expect(rig.send(command, reading) == .prepared(Fixture.id(1)))
        let before = rig.world.machine
        rig.world.feed(.command(command, reading))
        #expect(rig.world.replies[.command(command.id)] == [.prepared(Fixture.id(1)), .prepared(Fixture.id(1))])
        #expect(rig.world.machine == before)
    }
}
