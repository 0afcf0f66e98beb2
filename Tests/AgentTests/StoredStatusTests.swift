import Activation
import Glibc
import Model
import Testing

@testable import Agent

struct StoredStatusTests {
    private let scratch = Scratch()
    private let nowhere = BusAddress.managerSocket(path: "/nowhere/private")

    /// A journal in which a release runs and is healthy, as the agent saw it last.
    private func remember(_ release: ReleaseID, in store: ReleaseStore) async throws {
        var machine = scratch.machine
        let found = try await store.allReleases()
        let facts = DiskFacts(stage: .running, current: release, previous: nil, releases: found, unit: nil)
        let now = Moment(
            boot: BootInstant(bootID: "b", instant: Instant(milliseconds: 0)),
            wall: WallTime(milliseconds: 0)
        )
        _ = machine.recover(facts, at: now)
        let unit = UnitState(
            unit: UnitName(validated: "web.service"),
            active: "active",
            sub: "running",
            result: "success",
            restarts: 0
        )
        let look = Observation(unit: unit, checks: [], current: release)
        _ = machine.handle(.observed(look, after: machine.lastStep), at: now)
        #expect(machine.report.health == .healthy)
        try await scratch.remember(machine)
    }

    @Test("Without an agent the health of a service is unknown, whatever was seen last")
    func health() async throws {
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        try await remember(id, in: store)
        let report = try await StoredStatus.read(scratch.configuration, way: nowhere)
        let service = try #require(report.services.first)
        #expect(service.health == .unknown)
        #expect(!service.isInService)
        #expect(service.unit == nil)
        #expect(service.current?.id == id)
        #expect(service.drift == [])
        #expect(report.agentVersion == "not running")
    }

    @Test("The link is looked at now")
    func link() async throws {
        let store = scratch.store()
        let old = try await scratch.deploy("1.0", in: store)
        let id = try await scratch.deploy("1.1", in: store)
        try await remember(id, in: store)
        let current = "\(scratch.path)/srv/web/current"
        #expect(unlink(current) == 0 && symlink("releases/\(old)", current) == 0)
        let service = try #require(try await StoredStatus.read(scratch.configuration, way: nowhere).services.first)
        #expect(service.current?.id == old)
        #expect(service.drift == ["current names \(old), the agent wrote down \(id)"])
    }
}
