import Activation
import Model
import Testing

struct ChangeTests {
    /// Release 2 has been started after release 1, by this order, and is checked.
    private static func checking() -> (Rig, HostCommand) {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        let activation = rig.coordinator.activate(2)
        _ = rig.send(activation, settling: false)
        rig.run { if case .check = $0 { true } else { false } }
        return (rig, activation)
    }

    @Test("A healthy release drains, stops, switches, starts, checks, undrains and waits for its commit")
    func order() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.send(rig.coordinator.activate(2), settling: false)
        var steps: [String] = []
        while let effect = rig.world.effect {
            let name = String("\(effect.effect)".prefix { $0 != "(" })
            if steps.last != name { steps.append(name) }
            rig.world.finishEffect()
        }
        #expect(steps == ["armDeadMan", "runHook", "stop", "switchTo", "start", "check", "runHook", "armDeadMan"])
        #expect(rig.phase == .awaitingCommit)
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.current == Fixture.id(2))
        #expect(rig.world.machine.report.previous?.id == Fixture.id(1))
        #expect(rig.world.deadMan == nil)
        #expect(rig.world.violations == [])
    }

    @Test("Nothing is activated without an order that was accepted here for this rollout")
    func needsPermit() throws {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        guard case .refused(let failure)? = rig.activate(2) else {
            Issue.record("activated with the order of another rollout")
            return
        }
        #expect(failure.code == .orderRefused)
    }

    @Test("A failure at any step brings the old release back, running, with the cause", arguments: 1..<9)
    func failsAt(_ step: Int) throws {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        for _ in 0..<step { rig.world.finishEffect() }
        if case .check = rig.world.effect?.effect {
            rig.world.failingChecks = [Fixture.id(2)]
        } else {
            rig.world.finishEffect(.failsAfter)
        }
        rig.world.settle()
        guard case .reverted(let release, let failure) = try #require(rig.world.replies[.command(command.id)]?.last)
        else {
            Issue.record("not reverted: \(rig.world.replies[.command(command.id)] as Any)")
            return
        }
        #expect(release == Fixture.id(1))
        #expect([.internalError, .checkFailed].contains(failure.code))
        #expect(rig.world.running == Fixture.id(1))
        #expect(rig.world.machine.report.isDrained == false)
        #expect(!rig.world.isOutOfTraffic)
        #expect(rig.world.violations == [])
    }

    @Test("Without a commit by its deadline the release goes back, and a late commit hears so")
    func commitMissing() throws {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        let activation = rig.coordinator.activate(2)
        #expect(rig.send(activation) == .awaitingCommit(Fixture.id(2)))
        rig.world.wakes = []
        rig.world.deadMan = nil
        rig.world.clock += 60_000
        let commit = rig.coordinator.command(.commit(release: Fixture.digest(2)))
        guard case .reverted(Fixture.id(1), let failure)? = rig.send(commit) else {
            Issue.record("a late commit was accepted")
            return
        }
        #expect(failure.code == .commitMissing)
        rig.world.feed(.command(activation, .nothing))
        #expect(rig.world.replies[.command(activation.id)]?.last == .reverted(to: Fixture.id(1), failure: failure))
        #expect(rig.world.running == Fixture.id(1))
    }

    @Test("A host that needs its whole time for the commit to set its timer has missed the commit, and was well")
    func slowTimer() throws {
        var (rig, activation) = Self.checking()
        rig.run { if case .armDeadMan = $0 { true } else { false } }
        #expect(rig.phase == .checking)
        rig.world.clock += 60_000
        rig.world.settle()
        guard case .reverted(Fixture.id(1), let failure)? = rig.world.replies[.command(activation.id)]?.last else {
            Issue.record("stayed without a commit")
            return
        }
        #expect(failure.code == .commitMissing)
    }

    @Test("A commit for another release is refused")
    func commitsOnlyTarget() throws {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.activate(2)
        guard case .refused? = rig.commit(1) else {
            Issue.record("committed something else")
            return
        }
        #expect(rig.phase == .awaitingCommit)
    }

    @Test("A first deployment that fails leaves no link and no unit, and keeps its tree")
    func firstDeployment() {
        var rig = Rig()
        rig.world.broken = [Fixture.id(1)]
        _ = rig.claim()
        _ = rig.prepare(1)
        guard case .reverted(to: nil, let failure)? = rig.activate(1) else {
            Issue.record("not reverted to nothing")
            return
        }
        #expect(failure.evidence == ["boom"])
        #expect(rig.world.link == nil)
        #expect(rig.world.unitFile == nil)
        #expect(rig.world.trees[Fixture.id(1)] != nil)
        #expect(rig.ask(.discard(release: Fixture.digest(1))) == .discarded)
        #expect(rig.world.trees[Fixture.id(1)] != nil)
    }

    @Test("A committed first deployment is taken back to nothing by the claim that brought it, and by no later one")
    func firstDeploymentTakenBack() {
        var rig = Rig()
        rig.deploy(1)
        #expect(rig.ask(.releaseClaim) == .released)
        _ = rig.claim()
        let revert = HostRequest.revert(release: Fixture.digest(1), reason: "h3 failed")
        #expect(rig.ask(revert) == .committed(Fixture.id(1)))
        #expect(rig.world.running == Fixture.id(1))

        rig = Rig()
        rig.deploy(1)
        guard case .reverted(to: nil, let failure)? = rig.ask(revert) else {
            Issue.record("not taken back")
            return
        }
        #expect(failure.message == "h3 failed")
        #expect(rig.current == nil)
        #expect(rig.world.link == nil)
        #expect(rig.world.unitFile == nil)
        #expect(rig.world.running == nil)
        #expect(rig.world.deadMan == nil)
        #expect(rig.world.trees[Fixture.id(1)] != nil)
        rig.deploy(2)
        #expect(rig.current == Fixture.id(2))
        #expect(rig.world.violations.isEmpty)
    }

    @Test("When the old release does not come back either, the service is stuck, says so, and can be healed")
    func stuck() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        rig.world.broken = [Fixture.id(1), Fixture.id(2)]
        guard case .stuck? = rig.activate(2) else {
            Issue.record("not stuck")
            return
        }
        #expect(rig.phase == .stuck)
        #expect(rig.world.machine.report.health.isHealthy == false)
        rig.world.broken = []
        let answer = rig.ask(.revert(release: Fixture.digest(2), reason: "try again"))
        guard case .reverted(Fixture.id(1), _)? = answer else {
            Issue.record("not healed: \(answer as Any)")
            return
        }
        #expect(rig.world.running == Fixture.id(1))
        #expect(!rig.world.machine.isStuck)
    }

    @Test("Being well for a moment is not enough: a break starts the count anew")
    func healthyFor() throws {
        var (rig, _) = Self.checking()
        rig.world.finishEffect()
        #expect(rig.phase == .checking)
        rig.world.failingChecks = [Fixture.id(2)]
        rig.world.finishEffect()
        rig.world.failingChecks = []
        rig.world.finishEffect()
        rig.world.finishEffect()
        #expect(rig.phase == .checking)
        guard case .check = try #require(rig.world.effect).effect else {
            Issue.record("left checking after \(TimeSpan.seconds(1))")
            return
        }
    }

    struct Round: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let round: CheckRound
    }

    @Test(
        "What nobody could look at is not well",
        arguments: [
            Round(testDescription: "a check did not answer", round: CheckRound(unit: Fixture.unitState(), checks: [])),
            Round(
                testDescription: "the unit could not be read",
                round: CheckRound(unit: nil, checks: [Fixture.passed])
            ),
        ]
    )
    func missingData(_ row: Round) throws {
        var (rig, _) = Self.checking()
        for _ in 0..<5 {
            rig.world.clock += 1000
            let token = try #require(rig.world.effect?.token)
            rig.world.feed(.finished(token, .checked(row.round)))
        }
        #expect(rig.phase == .checking)
        #expect(!rig.world.machine.report.health.isHealthy)
    }

    @Test("An order that runs out while the host drains switches nothing")
    func orderRunsOut() {
        var rig = Rig()
        rig.deploy(1)
        let (command, _) = rig.coordinator.prepare(2)
        var order = Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch)
        order.validUntil = rig.world.now.wall + .seconds(5)
        let read = ReadOrder(order: order, release: Fixture.release(2), releaseDigest: Fixture.digest(2))
        #expect(rig.send(command, .order(read)) == .prepared(Fixture.id(2)))
        let activation = rig.coordinator.activate(2)
        _ = rig.send(activation, settling: false)
        rig.run { if case .runHook = $0 { true } else { false } }
        rig.world.clock += 6000
        rig.world.settle()
        guard case .reverted(Fixture.id(1), let failure)? = rig.world.replies[.command(activation.id)]?.last else {
            Issue.record("switched with an order that had run out")
            return
        }
        #expect(failure.code == .orderExpired)
        #expect(rig.world.link == Fixture.id(1))
    }

    @Test("The order for one release is none for another")
    func permitNamesRelease() {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.prepare(3)
        guard case .refused(let failure)? = rig.activate(1) else {
            Issue.record("activated with the order for another release")
            return
        }
        #expect(failure.code == .orderRefused)
    }

    @Test("A unit that systemd had to restart is unstable at once")
    func unstable() throws {
        var (rig, command) = Self.checking()
        let token = try #require(rig.world.effect?.token)
        let check = CheckResult(label: "tcp", failure: nil, took: .zero, at: rig.world.now.wall)
        let round = CheckRound(unit: Fixture.unitState(restarts: 1), checks: [check], evidence: ["boom"])
        rig.world.feed(.finished(token, .checked(round)))
        rig.world.settle()
        guard case .reverted(_, let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not reverted")
            return
        }
        #expect(failure.code == .unitUnstable)
        #expect(failure.evidence == ["boom"])
    }

    @Test("A restart stops and starts the same release and waits for its commit too")
    func restart() {
        var rig = Rig()
        rig.deploy(1)
        #expect(rig.activate(1, .restart) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.commit(1) == .committed(Fixture.id(1)))
        #expect(rig.world.machine.report.previous == nil)
    }

    @Test("One way back needs no order: to the confirmed release before, once")
    func rollback() throws {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        #expect(rig.activate(1, .rollback) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.commit(1) == .committed(Fixture.id(1)))
        guard case .refused(let failure)? = rig.activate(2, .rollback) else {
            Issue.record("rolled back twice")
            return
        }
        #expect(failure.code == .nothingToRollBackTo)
    }

    @Test("Even an order does not roll back to a release that never ran here")
    func rollbackNeedsProof() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        guard case .refused(let failure)? = rig.activate(2, .rollback) else {
            Issue.record("rolled back to a release that never ran")
            return
        }
        #expect(failure.code == .nothingToRollBackTo)
    }

    @Test("A release that was never confirmed is no target of a rollback without an order")
    func rollbackNeedsConfirmation() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.activate(2)
        _ = rig.commit(2)
        rig.deploy(3)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        guard case .refused(let failure)? = rig.activate(2, .rollback) else {
            Issue.record("rolled back to an unconfirmed release")
            return
        }
        #expect(failure.code == .nothingToRollBackTo)
    }
}
