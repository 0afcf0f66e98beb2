import Activation
import Model
import Testing

struct LocalTests {
    private static let alice = Requester.local(1, user: "alice")

    private func apply(_ release: Int) -> LocalRequest {
        .apply(
            LocalRelease(release: Fixture.release(release), digest: Fixture.digest(release), material: Fixture.material)
        )
    }

    @Test("A local apply commits itself, and holds the service until unhold")
    func applies() {
        var rig = Rig()
        rig.world.feed(.local(apply(1), Self.alice))
        rig.world.settle()
        #expect(rig.world.replies[Self.alice] == [.committed(Fixture.id(1))])
        #expect(rig.world.machine.report.held?.contains("alice") == true)
        _ = rig.claim()
        guard case .refused(let failure)? = rig.prepare(2) else {
            Issue.record("a held service was touched")
            return
        }
        #expect(failure.code == .held)
        _ = rig.ask(.releaseClaim)
        rig.world.feed(.local(.unhold, .local(2, user: "alice")))
        rig.deploy(2)
        #expect(rig.current == Fixture.id(2))
        #expect(rig.world.violations == [])
    }

    @Test("A held service is neither restarted nor rolled back by a rollout", arguments: [Purpose.restart, .rollback])
    func heldAtSwitch(_ purpose: Purpose) {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.ask(.releaseClaim)
        rig.world.feed(.local(apply(2), Self.alice))
        rig.world.settle()
        _ = rig.claim()
        guard case .refused(let failure)? = rig.activate(purpose == .restart ? 2 : 1, purpose) else {
            Issue.record("a held service was touched")
            return
        }
        #expect(failure.code == .held)
    }

    @Test("Local words are refused while a rollout holds the service")
    func refusedUnderClaim() {
        var rig = Rig()
        _ = rig.claim()
        rig.world.feed(.local(apply(1), Self.alice))
        guard case .refused(let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("accepted")
            return
        }
        #expect(failure.code == .claimRefused)
    }

    @Test("A rollback names the way past a claim, and with a reason takes it")
    func breaksClaim() throws {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        rig.world.feed(.local(.rollback(to: nil), Self.alice))
        guard case .refused(let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("accepted")
            return
        }
        #expect(failure.code == .claimRefused)
        #expect(failure.message.contains("--break-claim"))
        let bob = Requester.local(2, user: "bob")
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "shop is down"), bob))
        #expect(rig.world.machine.report.held?.contains("shop is down") == true)
        rig.world.settle()
        #expect(rig.world.replies[bob] == [.committed(Fixture.id(1))])
        #expect(rig.world.running == Fixture.id(1))
        let report = rig.world.machine.report
        #expect(report.claim == nil)
        #expect(report.held?.contains("bob") == true && report.held?.contains("shop is down") == true)
        let reason = try #require(report.operation?.reason)
        #expect(reason.contains("alice@laptop") && reason.contains("shop is down"))
        guard case .refused? = rig.activate(2) else {
            Issue.record("the rollout went on without its claim")
            return
        }
        #expect(rig.claim() == .claimed(highest: Epoch(2)))
        guard case .refused(let held)? = rig.prepare(3) else {
            Issue.record("the host is not held")
            return
        }
        #expect(held.code == .held)
        #expect(rig.world.violations == [])
    }

    @Test("A claim is not broken in mid-change, nor where there is no way back")
    func keepsClaim() {
        var rig = Rig()
        _ = rig.claim()
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "why not"), Self.alice))
        #expect(rig.world.machine.report.claim != nil)
        #expect(rig.world.machine.report.held == nil)
        rig.deploy(1)
        _ = rig.prepare(2)
        let command = rig.coordinator.activate(2)
        _ = rig.send(command, settling: false)
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "why not"), Self.alice))
        let codes = rig.world.replies[Self.alice]?.map { reply -> Failure.Code? in
            if case .refused(let failure) = reply { failure.code } else { nil }
        }
        #expect(codes == [.nothingToRollBackTo, .busy])
        #expect(rig.world.machine.report.claim != nil)
    }

    @Test("A local rollback goes to the release before")
    func rollsBack() {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        rig.world.feed(.local(.rollback(to: nil), Self.alice))
        rig.world.settle()
        #expect(rig.world.replies[Self.alice] == [.committed(Fixture.id(1))])
        #expect(rig.world.running == Fixture.id(1))
    }

    @Test("Retention lets the oldest go and keeps what a claim, a link or a rollback may need")
    func retention() {
        var rig = Rig()
        for release in 1...5 {
            rig.deploy(release)
            _ = rig.ask(.releaseClaim)
        }
        #expect(Set(rig.world.trees.keys) == [Fixture.id(3), Fixture.id(4), Fixture.id(5)])
        #expect(rig.world.machine.pinned == [Fixture.id(4), Fixture.id(5)])
    }

    @Test("Every release that a claim has named stays as long as the claim")
    func claimPins() {
        var rig = Rig()
        for release in 1...5 { rig.deploy(release) }
        #expect(rig.world.trees.count == 5)
        _ = rig.ask(.releaseClaim)
        #expect(Set(rig.world.trees.keys) == [Fixture.id(3), Fixture.id(4), Fixture.id(5)])
    }

    @Test("A removal that an agent did not live to report is asked for again")
    func removesAgain() {
        var rig = Rig()
        for release in 1...4 { rig.deploy(release) }
        var machine = rig.world.machine
        let actions = machine.handle(.command(rig.coordinator.command(.releaseClaim), .nothing), at: rig.world.now)
        #expect(actions.contains(.delete(Fixture.id(1))))
        #expect(machine.recover(rig.world.facts, at: rig.world.now).contains(.delete(Fixture.id(1))))
    }
}
