import Activation
import Model
import Testing

/// Releases that stay without a commit, where the plan says so.
struct KeepTests {
    private static let alice = Requester.local(1, user: "alice")

    /// Runs 1, and waits for the commit of 2, which nobody sends.
    private static func waiting() -> Rig {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        #expect(rig.send(rig.coordinator.activate(2, onCommitMissing: .keep)) == .awaitingCommit(Fixture.id(2)))
        return rig
    }

    private static func kept() -> Rig {
        var rig = waiting()
        rig.world.pass(.seconds(60))
        rig.world.settle()
        #expect(rig.phase == .kept)
        return rig
    }

    @Test("At the deadline a healthy release stays, says that nobody has committed it, and keeps its claim")
    func stays() throws {
        var rig = Self.kept()
        let report = rig.world.machine.report
        #expect(rig.world.running == Fixture.id(2) && report.current?.id == Fixture.id(2))
        #expect(report.operation?.failure?.code == .commitMissing)
        #expect(report.operation?.failure?.message.contains("kept without commit") == true)
        #expect(report.isInService == false || report.health == .healthy)
        #expect(rig.world.deadMan == nil, "a timer would take it back")
        let act = try #require(rig.world.acts.last)
        #expect(act.outcome == .kept && act.release == Fixture.id(2) && act.running == Fixture.id(2))
        #expect(act.predecessor == Fixture.id(1) && act.failure == .commitMissing)
        rig.world.pass(.hours(48))
        #expect(rig.phase == .kept && rig.world.machine.report.claim != nil)
        #expect(rig.world.machine.pinned.map(\.digest).contains(Fixture.digest(1)), "the way back")
        #expect(rig.world.violations == [])
    }

    @Test("One that is not healthy then goes back, with both reasons")
    func goesBack() throws {
        var rig = Self.waiting()
        rig.world.failingChecks = [Fixture.id(2)]
        rig.world.pass(.seconds(60))
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))
        let failure = try #require(rig.world.machine.report.operation?.failure)
        #expect(failure.code == .commitMissing)
        #expect(failure.message.contains("no commit") && failure.message.contains("status 500"))
        #expect(rig.world.violations == [])
    }

    @Test("A unit that systemd had to restart meanwhile is not healthy")
    func unstable() {
        var rig = Self.waiting()
        rig.world.clock += 60_000
        rig.world.feed(.woke)
        rig.world.finishEffect()
        guard let (effect, token) = rig.world.effect, case .check(let run) = effect else {
            Issue.record("not judged: \(rig.world.effect as Any)")
            return
        }
        let round = CheckRound(unit: Fixture.unitState(restarts: 1), checks: [Fixture.passed])
        #expect(run.release == Fixture.id(2))
        rig.world.effect = nil
        rig.world.feed(.finished(token, .checked(round)))
        rig.world.settle()
        #expect(rig.world.running == Fixture.id(1))
    }

    @Test(
        "Without that word in the order, or with the other one, it goes back",
        arguments: [nil, CommitMissingPolicy.revert]
    )
    func asBefore(_ policy: CommitMissingPolicy?) {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.send(rig.coordinator.activate(2, onCommitMissing: policy))
        rig.world.pass(.seconds(60))
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))
    }

    @Test("Its own rollout commits it or takes it back, also while it is being judged", arguments: [true, false])
    func decided(whileJudged: Bool) throws {
        var rig = whileJudged ? Self.waiting() : Self.kept()
        if whileJudged {
            rig.world.clock += 60_000
            rig.world.feed(.woke)
        }
        var other = rig
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.machine.report.previous?.id == Fixture.id(1))
        #expect(rig.world.acts.last?.outcome == .committed)
        let reverted = other.ask(.revert(release: Fixture.digest(2), reason: "h3 failed"))
        guard case .reverted(to: Fixture.id(1), _)? = reverted else {
            Issue.record("\(reverted as Any)")
            return
        }
        #expect(rig.world.violations + other.world.violations == [])
    }

    @Test("Asked again, the activation is answered with what is true: it waits")
    func repetition() {
        var rig = Self.waiting()
        let id = rig.world.replies.keys.compactMap { requester -> RequestID? in
            if case .command(let id) = requester { id } else { nil }
        }.max { $0.sequence < $1.sequence }
        rig.world.pass(.seconds(60))
        rig.world.settle()
        guard let id else { return }
        let order = ActivateOrder(
            release: Fixture.id(2),
            purpose: .deploy,
            activateWithin: .seconds(120),
            commitWithin: .seconds(60),
            onCommitMissing: .keep
        )
        let again = HostCommand(
            id: id,
            service: Fixture.service,
            environment: Fixture.environment,
            request: .activate(order)
        )
        #expect(rig.send(again) == .awaitingCommit(Fixture.id(2)))
        #expect(rig.phase == .kept)
    }

    @Test("A reboot before the deadline takes it back, one after it does not", arguments: [true, false])
    func reboot(early: Bool) {
        var rig = Self.waiting()
        rig.world.reboot(applying: false, early: early)
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))

        rig = Self.kept()
        rig.world.reboot(applying: false, early: early)
        rig.world.settle()
        #expect(rig.phase == .kept && rig.world.running == Fixture.id(2))
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.violations == [])
    }

    @Test("An agent that was dead at the deadline, or dies while it judges, asks how the release is", arguments: 0...2)
    func crash(steps: Int) {
        var rig = Self.waiting()
        rig.world.clock += 60_000
        if steps > 0 { rig.world.feed(.woke) }
        if steps > 1 { rig.world.finishEffect() }
        var ill = rig
        rig.world.crash(applying: false)
        rig.world.settle()
        #expect(rig.phase == .kept)
        ill.world.failingChecks = [Fixture.id(2)]
        ill.world.crash(applying: false)
        ill.world.settle()
        #expect(ill.phase == .reverted && ill.world.running == Fixture.id(1))
        #expect(rig.world.violations + ill.world.violations == [])
    }

    @Test("The next rollout of its ledger shows that its own has ended: it goes back, and that one is answered then")
    func nextRollout() {
        var rig = Self.kept()
        var other = rig
        other.coordinator = Coordinator(ledger: 1, epoch: rig.coordinator.epoch)
        guard case .refused(let failure)? = other.claim() else {
            Issue.record("another ledger took it")
            return
        }
        #expect(failure.code == .claimRefused)

        let command = rig.coordinator.claim(above: rig.coordinator.epoch)
        #expect(rig.send(command, settling: false) == nil)
        rig.world.crash(applying: true)
        rig.world.settle()
        #expect(rig.world.replies[.command(command.id)] == [.claimed(highest: rig.coordinator.epoch)])
        #expect(rig.world.running == Fixture.id(1))
        #expect(rig.world.acts.last?.outcome == .reverted)
        #expect(rig.prepare(3) == .prepared(Fixture.id(3)))
        #expect(rig.activate(3) == .awaitingCommit(Fixture.id(3)))
        #expect(rig.world.violations == [])
    }

    @Test("A person who says why takes it back from a rollout that never returns")
    func byHand() {
        var rig = Self.kept()
        rig.world.feed(.local(.rollback(to: nil), Self.alice))
        guard case .refused(let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("without a reason")
            return
        }
        #expect(failure.message.contains("--break-claim"))
        let bob = Requester.local(2, user: "bob")
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "its laptop is gone"), bob))
        rig.world.settle()
        guard case .reverted(to: Fixture.id(1), _)? = rig.world.replies[bob]?.last else {
            Issue.record("\(rig.world.replies[bob] as Any)")
            return
        }
        let report = rig.world.machine.report
        #expect(report.claim == nil && report.held?.contains("its laptop is gone") == true)
        #expect(rig.world.acts.last?.brokenClaim == rig.coordinator.rollout)
        #expect(rig.world.violations == [])
    }
}
