import Activation
import Model
import Testing

/// What a person may do on a host whose policy demands approvals: carry out an order, or go back.
struct LocalOrderTests {
    private static let alice = Requester.local(1, user: "alice")
    private static let refusal = Failure(.approvalRefused, "the policy demands the approval of 2 people")

    /// Release 1 runs, and a rollout that was ordered to bring release 2 has claimed the service.
    private static func claimed() -> (Rig, Order) {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        return (rig, Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch))
    }

    /// Runs 2 after 1, both confirmed, and nobody holds it.
    private static func settled() -> Rig {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        return rig
    }

    /// The order of a rollout that this host has not heard of.
    private static func order(_ release: Int, after rig: Rig, _ change: (inout Order) -> Void = { _ in }) -> Order {
        let coordinator = rig.coordinator
        var order = Fixture.order(release, Fixture.rollout(coordinator.number + 1), coordinator.epoch.next)
        change(&order)
        return order
    }

    private static func read(_ order: Order, _ release: Int) -> ReadOrder {
        ReadOrder(order: order, release: Fixture.release(release), releaseDigest: Fixture.digest(release))
    }

    private static func apply(_ order: Order, _ release: Int, because reason: String? = nil) -> LocalRequest {
        .apply(
            LocalRelease(
                release: Fixture.release(release),
                digest: Fixture.digest(release),
                material: Fixture.material,
                order: order,
                breakingClaim: reason
            )
        )
    }

    /// What became of a person's request.
    private static func ask(_ rig: inout Rig, _ request: LocalRequest, as number: Int64 = 1) -> HostReply? {
        let requester = Requester.local(number, user: "person-\(number)")
        rig.world.feed(.local(request, requester))
        rig.world.settle()
        return rig.world.replies[requester]?.last
    }

    private static func failure(_ reply: HostReply?) -> Failure? {
        guard case .refused(let failure)? = reply else { return nil }
        return failure
    }

    @Test("An order is carried out once: after that neither it nor anything older takes effect")
    func appliesOnce() {
        var rig = Self.settled()
        let order = Self.order(3, after: rig)
        #expect(Self.ask(&rig, Self.apply(order, 3)) == .committed(Fixture.id(3)))
        let report = rig.world.machine.report
        #expect(report.held?.contains("by the order of \(order.rollout.label), asked for by alice@laptop") == true)
        #expect(Self.ask(&rig, .rollback(to: nil), as: 2) == .committed(Fixture.id(2)))
        let again = Self.failure(Self.ask(&rig, Self.apply(order, 3), as: 3))
        #expect(again?.message.contains("was accepted") == true, "\(again.map { "\($0)" } ?? "taken again")")
        #expect(rig.current == Fixture.id(2))
        // The rollout itself may still claim, and no other of that epoch.
        let other = Fixture.claim(Fixture.rollout(order.rollout.number + 7), order.epoch)
        rig.coordinator.number = other.rollout.number
        rig.coordinator.epoch = other.epoch
        #expect(Self.failure(rig.send(rig.coordinator.command(.claim(other))))?.code == .epochStale)
        #expect(rig.world.violations == [])
    }

    @Test("A rollout that claims the host while a person's release is prepared goes first")
    func overtaken() {
        var rig = Self.settled()
        rig.world.feed(.local(Self.apply(Self.order(3, after: rig), 3), Self.alice))
        rig.coordinator.number += 2
        let claimed = rig.send(rig.coordinator.claim(above: rig.coordinator.epoch.next))
        guard case .claimed(let highest)? = claimed else {
            Issue.record("\(String(describing: claimed))")
            return
        }
        #expect(Self.failure(rig.world.replies[Self.alice]?.last)?.code == .claimRefused)
        #expect(rig.current == Fixture.id(2))
        #expect(rig.ask(.inspectClaim) == .claimState(highest: highest, claim: rig.world.machine.report.claim))
        #expect(rig.world.violations == [])
    }

    @Test("What a person goes back to stays, though breaking the claim lets older releases go")
    func targetStays() {
        var rig = Rig()
        for release in 1...4 { rig.deploy(release) }
        _ = rig.prepare(5)
        let oldest = rig.world.machine.installedReleases.map(\.id)
        #expect(oldest.contains(Fixture.id(2)), "\(oldest)")
        let back = LocalRequest.rollback(to: Fixture.digest(2), breakingClaim: "the site is down")
        #expect(Self.ask(&rig, back) == .committed(Fixture.id(2)))
        #expect(rig.current == Fixture.id(2))
        #expect(rig.world.violations == [])
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let code: Failure.Code
        let says: String
        let change: @Sendable (inout Order) -> Void
        var testDescription: String { what }

        init(
            _ what: String,
            _ code: Failure.Code = .orderRefused,
            says: String,
            _ change: @escaping @Sendable (inout Order) -> Void
        ) {
            self.what = what
            self.code = code
            self.says = says
            self.change = change
        }
    }

    @Test(
        "An order that is not for exactly this is refused before anything is done",
        arguments: [
            Row("other hosts", says: "does not name web-1") { $0.hosts = [HostID("web-2")!] },
            Row("another service", says: "is for api") { $0.service = ServiceName("api")! },
            Row("another environment", says: "in staging") { $0.environment = EnvironmentName("staging")! },
            Row("another release", says: "the order names release") { $0.release = Fixture.digest(4) },
            Row("an older epoch", .epochStale, says: "was seen here") { $0.epoch = Epoch(0) },
            Row("the epoch of another rollout", .epochStale, says: "was seen here") { $0.epoch = Epoch(1) },
            Row("years", says: "is valid until") { $0.validUntil = $0.startBy + .days(1000) },
            Row("a time that is over", .orderExpired, says: "could be caught up with until") {
                $0.startBy = WallTime(milliseconds: Fixture.start)
                $0.validUntil = $0.startBy
                $0.catchUpUntil = $0.startBy
            },
        ]
    )
    func refused(_ row: Row) {
        var rig = Self.settled()
        let order = Self.order(3, after: rig, row.change)
        let requester = Self.alice
        rig.world.feed(.local(Self.apply(order, 3), requester))
        let failure = Self.failure(rig.world.replies[requester]?.last)
        #expect(failure?.code == row.code, "\(failure.map { "\($0)" } ?? "taken")")
        #expect(failure?.message.contains(row.says) == true, "\(failure.map { "\($0)" } ?? "taken")")
        #expect(rig.world.effect == nil)
    }

    @Test("Approvals are looked at; an order that has not enough may be brought again with more")
    func verified() {
        var rig = Self.settled()
        let order = Self.order(3, after: rig)
        rig.world.hasApprovals = false
        #expect(Self.failure(Self.ask(&rig, Self.apply(order, 3)))?.code == .approvalRefused)
        #expect(rig.current == Fixture.id(2))
        rig.world.hasApprovals = true
        #expect(Self.ask(&rig, Self.apply(order, 3), as: 2) == .committed(Fixture.id(3)))
    }

    @Test("An order that runs out on the way is not switched under")
    func runsOut() {
        var rig = Self.settled()
        let now = rig.world.now.wall
        let order = Self.order(3, after: rig) { order in
            order.startBy = now + .seconds(10)
            order.validUntil = now + .seconds(20)
            order.catchUpUntil = order.validUntil
        }
        rig.world.feed(.local(Self.apply(order, 3), Self.alice))
        rig.run { if case .runHook = $0 { true } else { false } }
        rig.world.clock += TimeSpan.seconds(30).milliseconds
        rig.world.settle()
        guard case .reverted(_, let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("switched")
            return
        }
        #expect(failure.code == .orderExpired)
        #expect(rig.world.running == Fixture.id(2))
    }

    @Test("Under the claim of its own rollout, which is cut off, it takes a reason, and no change under way")
    func underItsClaim() {
        var (rig, order) = Self.claimed()
        _ = rig.prepare(2)
        let plain = Self.failure(Self.ask(&rig, Self.apply(order, 2)))
        #expect(plain?.code == .claimRefused && plain?.message.contains("--break-claim") == true)

        var busy = rig
        _ = busy.send(busy.coordinator.activate(2), settling: false)
        busy.world.feed(.local(Self.apply(order, 2, because: "cut off"), Self.alice))
        #expect(Self.failure(busy.world.replies[Self.alice]?.last)?.code == .busy)

        // Accepted and unused, it is still leave.
        #expect(Self.ask(&rig, Self.apply(order, 2, because: "cut off"), as: 2) == .committed(Fixture.id(2)))
        let report = rig.world.machine.report
        #expect(report.claim == nil)
        #expect(report.held?.contains("cut off") == true)
        #expect(report.operation?.reason?.contains("alice@laptop") == true)
        #expect(rig.world.violations == [])
    }

    @Test("A claim is broken by an order that was verified: one that is refused has taken nothing")
    func refusedTakesNothing() {
        var (rig, order) = Self.claimed()
        _ = rig.prepare(2)
        let before = rig.world.machine.report
        rig.world.hasApprovals = false
        let failure = Self.failure(Self.ask(&rig, Self.apply(order, 2, because: "cut off")))
        #expect(failure?.code == .approvalRefused)
        let report = rig.world.machine.report
        #expect(report.claim == before.claim && report.claim != nil && report.held == nil)
        #expect(rig.activate(2) == .awaitingCommit(Fixture.id(2)), "its rollout goes on")
        #expect(rig.world.violations == [])
    }

    @Test("While a person's order is verified, who holds the service may give it back, and nothing was broken then")
    func releasedMeanwhile() {
        var (rig, order) = Self.claimed()
        rig.world.feed(.local(Self.apply(order, 2, because: "cut off"), Self.alice))
        #expect(rig.world.machine.report.claim != nil && rig.world.machine.report.held == nil)
        let other = Requester.local(2, user: "bob")
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "me too"), other))
        #expect(Self.failure(rig.world.replies[other]?.last)?.code == .busy)
        let released = rig.coordinator.command(.releaseClaim)
        #expect(rig.send(released, settling: false) == .released)
        rig.world.settle()
        #expect(rig.world.replies[Self.alice]?.last == .committed(Fixture.id(2)))
        #expect(rig.world.acts.last?.brokenClaim == nil)
        #expect(rig.world.violations == [])
    }

    @Test("An order that was accepted and had no turn is leave until valid_until, whether its claim has lapsed or not")
    func afterTheLapse() {
        var (rig, order) = Self.claimed()
        _ = rig.prepare(2)
        rig.world.pass(.minutes(31))
        #expect(rig.world.machine.report.claim == nil)
        var late = rig
        var held = rig
        #expect(Self.ask(&rig, Self.apply(order, 2)) == .committed(Fixture.id(2)))
        #expect(rig.world.acts.last?.brokenClaim == nil)

        // Past start_by it is still in time here, and past valid_until it is not, as for its own rollout.
        late.world.clock += TimeSpan.hours(30).milliseconds
        #expect(Self.ask(&late, Self.apply(order, 2)) == .committed(Fixture.id(2)))
        held.world.clock += TimeSpan.hours(49).milliseconds
        #expect(Self.failure(Self.ask(&held, Self.apply(order, 2)))?.code == .orderExpired)
    }

    @Test("An order that was accepted here is not switched under after valid_until, though its claim is broken")
    func acceptedRunsOut() {
        var (rig, order) = Self.claimed()
        _ = rig.prepare(2)
        rig.world.clock += TimeSpan.hours(48).milliseconds - rig.world.clock - 60_000
        rig.world.feed(.holderHeard(rig.coordinator.rollout))
        rig.world.feed(.local(Self.apply(order, 2, because: "cut off"), Self.alice))
        rig.run { if case .runHook = $0 { true } else { false } }
        rig.world.clock += 90_000
        rig.world.settle()
        guard case .reverted(_, let failure)? = rig.world.replies[Self.alice]?.last else {
            Issue.record("switched: \(rig.world.replies[Self.alice] as Any)")
            return
        }
        #expect(failure.code == .orderExpired)
    }

    @Test("What its rollout has used is not used again, nor under the claim of another")
    func usedByRollout() {
        var rig = Rig()
        rig.deploy(1)
        let order = Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch)
        rig.deploy(2)
        _ = rig.activate(1, .rollback)
        _ = rig.commit(1)
        let used = Self.failure(Self.ask(&rig, Self.apply(order, 2, because: "again")))
        #expect(used?.message.contains("was accepted") == true, "\(used.map { "\($0)" } ?? "taken")")
        _ = rig.ask(.releaseClaim)
        _ = rig.claim()
        let stale = Self.failure(Self.ask(&rig, Self.apply(order, 2, because: "again"), as: 2))
        #expect(stale?.code == .epochStale)
        #expect(rig.world.machine.report.claim != nil)
    }

    // MARK: Going back

    @Test("Back to the confirmed predecessor needs no leave; further back, and once more, only as the policy says")
    func goesBack() {
        var rig = Self.settled()
        rig.deploy(3)
        _ = rig.ask(.releaseClaim)
        let further = LocalRequest.rollback(to: Fixture.digest(1), leave: .refused(Self.refusal))
        #expect(Self.ask(&rig, further) == .refused(Self.refusal))
        #expect(rig.current == Fixture.id(3))
        let back = LocalRequest.rollback(to: nil, leave: .refused(Self.refusal))
        #expect(Self.ask(&rig, back, as: 2) == .committed(Fixture.id(2)))
        #expect(Self.ask(&rig, further, as: 3) == .refused(Self.refusal))
        let notDemanded = LocalRequest.rollback(to: Fixture.digest(1))
        #expect(Self.ask(&rig, notDemanded, as: 4) == .committed(Fixture.id(1)))
    }

    @Test("A canary that was never confirmed is no way back that is everybody's")
    func unconfirmed() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.activate(2)
        _ = rig.commit(2)
        rig.deploy(3)
        _ = rig.ask(.releaseClaim)
        let back = LocalRequest.rollback(to: nil, leave: .refused(Self.refusal))
        #expect(Self.ask(&rig, back) == .refused(Self.refusal))
        #expect(rig.current == Fixture.id(3))
    }

    @Test("An order lets a person go back further, once, and whose key broke the glass is shown")
    func byOrder() {
        var rig = Self.settled()
        rig.deploy(3)
        _ = rig.ask(.releaseClaim)
        let order = Self.order(1, after: rig)
        let broken = Verdict(breakGlass: BreakGlass(by: "night", reason: "the site is down"))
        let leave = LocalLeave.order(Self.read(order, 1), broken)
        // It is for 1.
        #expect(Self.failure(Self.ask(&rig, .rollback(to: nil, leave: leave))) == nil, "the confirmed one needs none")
        #expect(rig.current == Fixture.id(2))
        let unapproved = LocalLeave.order(Self.read(order, 1), Verdict(permits: .wayBack))
        let refused = Self.ask(&rig, .rollback(to: Fixture.digest(1), leave: unapproved), as: 2)
        #expect(Self.failure(refused)?.code == .approvalRefused)
        let other = Self.ask(&rig, .rollback(to: Fixture.digest(3), leave: leave), as: 3)
        #expect(Self.failure(other)?.message.contains("the order is for") == true)
        let back = LocalRequest.rollback(to: Fixture.digest(1), leave: leave)
        #expect(Self.ask(&rig, back, as: 4) == .committed(Fixture.id(1)))
        let report = rig.world.machine.report
        #expect(report.current?.breakGlass?.by == "night")
        #expect(report.held?.contains("BREAK-GLASS by night") == true)
        #expect(rig.world.acts.last?.breakGlass?.by == "night", "somebody else must look at it")
        #expect(Self.ask(&rig, .rollback(to: Fixture.digest(3)), as: 5) == .committed(Fixture.id(3)))
        #expect(Self.failure(Self.ask(&rig, back, as: 6))?.message.contains("was accepted") == true)
    }
}
