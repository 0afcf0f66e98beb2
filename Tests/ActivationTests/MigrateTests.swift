import Activation
import Model
import Testing

struct MigrateTests {
    private func rig(hasMigration: Bool = true) -> Rig {
        var rig = Rig()
        if hasMigration { rig.world.spec.migration = Migration(command: ["bin/migrate"], isReversible: true) }
        rig.deploy(1)
        _ = rig.prepare(2)
        return rig
    }

    private func command(_ rig: inout Rig, _ release: Int = 2) -> HostCommand {
        rig.coordinator.command(.migrate(release: Fixture.digest(release)))
    }

    private func code(_ reply: HostReply?) -> Failure.Code? {
        if case .refused(let failure)? = reply { failure.code } else { nil }
    }

    @Test("It runs once for a request, while the service is as it was, and what was prepared can be switched to")
    func runs() {
        var rig = rig()
        let command = command(&rig)
        #expect(rig.send(command) == .migrated(Fixture.id(2)))
        #expect(rig.send(command) == .migrated(Fixture.id(2)) && rig.world.migrations == 1)
        #expect(rig.current == Fixture.id(1) && rig.phase == .prepared)
        #expect(rig.activate(2) == .awaitingCommit(Fixture.id(2)) && rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.violations == [])
    }

    @Test("One that fails says so, with its last words; another request runs it again")
    func fails() {
        var rig = rig()
        rig.world.failsToMigrate = true
        let first = command(&rig)
        #expect(rig.send(first) == .refused(Failure(.migrationFailed, "exit code 1", evidence: ["no table"])))
        rig.world.failsToMigrate = false
        #expect(code(rig.send(first)) == .migrationFailed && rig.world.migrations == 1)
        let again = command(&rig)
        #expect(rig.send(again) == .migrated(Fixture.id(2)) && rig.world.migrations == 2)
    }

    @Test("Nothing is migrated that may not be switched to")
    func leave() {
        var rig = rig()
        let other = command(&rig, 3)
        #expect(code(rig.send(other)) == .orderRefused)
        rig.world.hasApprovals = false
        rig.deploy(2)
        let current = command(&rig, 1)
        #expect(code(rig.send(current)) == .orderRefused && rig.world.migrations == 0)
        var without = self.rig(hasMigration: false)
        let command = command(&without)
        #expect(code(without.send(command)) == .specInvalid && without.world.migrations == 0)
    }

    @Test("While it runs nothing else begins here")
    func busy() {
        var rig = rig()
        let command = command(&rig)
        _ = rig.send(command, settling: false)
        #expect(code(rig.send(rig.coordinator.activate(2), settling: false)) == .busy)
        #expect(code(rig.send(rig.coordinator.command(.discard(release: Fixture.digest(2))), settling: false)) == .busy)
        rig.world.finishEffect()
        #expect(rig.world.replies[.command(command.id)]?.last == .migrated(Fixture.id(2)))
    }

    @Test("After a crash, or a reboot, nobody knows how far it came, and the same request does not run it again")
    func interrupted() {
        for isReboot in [false, true] {
            for applying in [false, true] {
                var rig = rig()
                rig.world.blessed = [Fixture.id(1)]
                let first = command(&rig)
                _ = rig.send(first, settling: false)
                rig.world.die(isReboot: isReboot, applying: applying)
                rig.world.settle()
                let before = rig.world.migrations
                #expect(code(rig.send(first)) == .migrationUnknown && rig.world.migrations == before)
                let again = command(&rig)
                #expect(rig.send(again) == .migrated(Fixture.id(2)), "\(isReboot) \(applying)")
                #expect(rig.activate(2) == .awaitingCommit(Fixture.id(2)))
                #expect(rig.world.violations == [])
            }
        }
    }

    @Test("A claim that is given back while it runs leaves it to itself")
    func released() {
        var rig = rig()
        let command = command(&rig)
        _ = rig.send(command, settling: false)
        #expect(rig.ask(.releaseClaim) == .released)
        #expect(code(rig.world.replies[.command(command.id)]?.last) == .migrationUnknown)
        #expect(rig.current == Fixture.id(1) && rig.world.violations == [])
    }
}
