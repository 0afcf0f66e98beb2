import Activation
import Model
import Testing

struct PrepareTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let what: String
        let order: Order
        var digest = Fixture.digest(2)
        var code = Failure.Code.orderRefused
        var testDescription: String { what }
    }

    private static func order(_ change: (inout Order) -> Void) -> Order {
        var order = Fixture.order(2, Fixture.rollout(2), Epoch(1))
        change(&order)
        return order
    }

    @Test(
        "An order that does not name exactly this is refused before anything is done",
        arguments: [
            Row(what: "another host", order: order { $0.hosts = [HostID("web-2")!] }),
            Row(what: "another service", order: order { $0.service = ServiceName("api")! }),
            Row(what: "another environment", order: order { $0.environment = EnvironmentName("staging")! }),
            Row(what: "another epoch", order: order { $0.epoch = Epoch(9) }),
            Row(what: "another rollout", order: order { $0.rollout = Fixture.rollout(9) }),
            Row(what: "started too late", order: order { $0.startBy = WallTime(milliseconds: Fixture.start) }),
            Row(
                what: "not valid any more",
                order: order { $0.validUntil = WallTime(milliseconds: Fixture.start) },
                code: .orderExpired
            ),
            Row(what: "may start in a month", order: order { $0.startBy = $0.startBy + .days(30) }),
            Row(what: "valid for years", order: order { $0.validUntil = $0.startBy + .days(1000) }),
            Row(what: "caught up with for years", order: order { $0.catchUpUntil = $0.startBy + .days(1000) }),
            Row(what: "another release", order: order { _ in }, digest: Fixture.digest(3)),
        ]
    )
    func refusesOrder(_ row: Row) throws {
        var rig = Rig()
        _ = rig.claim()
        let read = ReadOrder(order: row.order, release: Fixture.release(2), releaseDigest: row.digest)
        let command = rig.coordinator.command(.prepare(Fixture.material))
        guard case .refused(let failure)? = rig.send(command, .order(read), settling: false) else {
            Issue.record("accepted")
            return
        }
        #expect(failure.code == row.code)
        #expect(rig.world.effect == nil)
    }

    @Test("An order that has expired is replaced by a newer one, which is verified like the first")
    func renewsOrder() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        rig.world.clock += TimeSpan.days(31).milliseconds
        guard case .refused(let failure)? = rig.activate(2) else {
            Issue.record("an expired order still counted")
            return
        }
        #expect(failure.code == .orderExpired)
        var order = Fixture.order(2, rig.coordinator.rollout, rig.coordinator.epoch)
        order.startBy = rig.world.now.wall + .minutes(15)
        order.validUntil = rig.world.now.wall + .hours(24)
        let read = ReadOrder(order: order, release: Fixture.release(2), releaseDigest: Fixture.digest(2))
        let command = rig.coordinator.command(.prepare(Fixture.material))
        _ = rig.send(command, .order(read), settling: false)
        guard case .verify? = rig.world.effect?.effect else {
            Issue.record("a newer order was taken without verification")
            return
        }
        #expect(rig.send(command, .order(read)) == .prepared(Fixture.id(2)))
        #expect(rig.activate(2) == .awaitingCommit(Fixture.id(2)))
    }

    @Test("A verification that says nothing permits nothing")
    func noVerdict() throws {
        var rig = Rig()
        rig.deploy(1)
        let (command, reading) = rig.coordinator.prepare(2)
        _ = rig.send(command, reading, settling: false)
        let token = try #require(rig.world.effect?.token)
        rig.world.effect = nil
        rig.world.feed(.finished(token, .done))
        guard case .refused(let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("prepared without a verdict")
            return
        }
        #expect(failure.code == .internalError)
        guard case .refused? = rig.activate(2) else {
            Issue.record("activated without a verdict")
            return
        }
    }

    @Test("What nobody has approved may be gone back to if it was confirmed, and be deployed by nobody")
    func wayBack() {
        var rig = Rig()
        rig.deploy(1)
        rig.deploy(2)
        rig.world.hasApprovals = false
        #expect(rig.prepare(1) == .prepared(Fixture.id(1)))
        guard case .refused? = rig.activate(1) else {
            Issue.record("deployed without approval")
            return
        }
        #expect(rig.activate(1, .rollback) == .awaitingCommit(Fixture.id(1)))
    }

    @Test("A canary that was committed and never confirmed is no way back without approval")
    func unconfirmedCanary() {
        var rig = Rig()
        _ = rig.claim()
        for release in [1, 2] {
            _ = rig.prepare(release)
            _ = rig.activate(release)
            _ = rig.commit(release)
        }
        _ = rig.claim()
        rig.world.hasApprovals = false
        guard case .refused(let failure)? = rig.prepare(1) else {
            Issue.record("prepared without approval")
            return
        }
        #expect(failure.code == .approvalRefused)
    }

    @Test("Whatever fails in a preparation, the service runs on and staging is gone", arguments: 0..<5)
    func failsAt(_ step: Int) {
        var rig = Rig()
        rig.deploy(1)
        let (command, reading) = rig.coordinator.prepare(2)
        _ = rig.send(command, reading, settling: false)
        for _ in 0..<step { rig.world.finishEffect() }
        rig.world.finishEffect(.failsAfter)
        #expect(rig.world.replies[.command(command.id)] == [.refused(Failure(.internalError, "injected"))])
        #expect(rig.world.staging == nil)
        #expect(rig.world.trees[Fixture.id(2)] == nil)
        #expect(rig.world.running == Fixture.id(1))
        #expect(rig.world.violations == [])
    }

    struct Lack: CustomTestStringConvertible, Sendable {
        let inspection: Inspection
        let code: Failure.Code
        var testDescription: String { code.rawValue }
    }

    @Test(
        "What the host lacks is found before anything changes",
        arguments: [
            Lack(inspection: Inspection(spec: Fixture.spec(), unit: .foreign), code: .unitForeign),
            Lack(
                inspection: Inspection(spec: Fixture.spec(), unit: .ours, missingCredentials: ["api-key"]),
                code: .credentialMissing
            ),
            Lack(
                inspection: Inspection(spec: Fixture.spec(), unit: .ours, missingFiles: ["/var/lib/web"]),
                code: .specInvalid
            ),
            Lack(
                inspection: Inspection(
                    spec: ServiceSpec(service: Fixture.service, unit: .existing(Fixture.unit)),
                    unit: .absent
                ),
                code: .specInvalid
            ),
            Lack(
                inspection: Inspection(spec: ServiceSpec(service: Fixture.service, unit: .absent), unit: .absent),
                code: .specInvalid
            ),
        ]
    )
    func inspects(_ lack: Lack) throws {
        var rig = Rig()
        _ = rig.claim()
        let (command, reading) = rig.coordinator.prepare(1)
        _ = rig.send(command, reading, settling: false)
        rig.run { if case .inspect = $0 { true } else { false } }
        let token = try #require(rig.world.effect?.token)
        rig.world.effect = nil
        rig.world.feed(.finished(token, .inspected(lack.inspection)))
        guard case .refused(let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("accepted")
            return
        }
        #expect(failure.code == lack.code)
    }

    @Test("The current release, and one prepared already, need no work")
    func nothingToDo() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        for release in [1, 2] {
            let (command, reading) = rig.coordinator.prepare(release)
            #expect(rig.send(command, reading, settling: false) == .prepared(Fixture.id(release)))
            #expect(rig.world.effect == nil)
        }
    }

    @Test("A release that will not be activated leaves the disk when it is discarded")
    func discards() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        #expect(rig.ask(.discard(release: Fixture.digest(2))) == .discarded)
        #expect(rig.world.trees[Fixture.id(2)] == nil)
        guard case .refused = rig.activate(2) else {
            Issue.record("a discarded release was activated")
            return
        }
    }

    @Test("A discarded release is unpacked anew when it is wanted again")
    func preparesDiscarded() {
        var rig = Rig()
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.ask(.discard(release: Fixture.digest(2)))
        #expect(rig.prepare(2) == .prepared(Fixture.id(2)))
        #expect(rig.world.trees[Fixture.id(2)] != nil)
        #expect(rig.world.violations == [])
    }

    @Test("What a rollout brings is verified with the approvals of its order")
    func demandsApprovals() {
        var rig = Rig()
        _ = rig.claim()
        let (command, reading) = rig.coordinator.prepare(1)
        _ = rig.send(command, reading, settling: false)
        guard case .verify(let verification)? = rig.world.effect?.effect else {
            Issue.record("nothing is verified first")
            return
        }
        #expect(verification.demand == .provenanceAndApprovals)
        #expect(verification.id == Fixture.id(1))
        #expect(verification.material == Fixture.material)
    }
}
