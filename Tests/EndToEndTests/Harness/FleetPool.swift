import Synchronization
import Testing

/// Fleets that scenarios take turns with: a scenario that passed leaves its hosts to the next one.
actor FleetPool {
    static let shared = FleetPool()

    private var idle: [Int: Fleet] = [:]

    /// Runs a scenario with a fleet of `count` hosts, which may have a history.
    func lend(hosts count: Int, _ scenario: @Sendable (Fleet) async throws -> Void) async throws {
        let fleet: Fleet
        if let found = idle.removeValue(forKey: count) {
            fleet = found
        } else {
            fleet = try await Fleet.boot(hosts: count)
        }
        try await Self.run(scenario, with: fleet)
        idle[count] = fleet
    }

    /// Runs a scenario with hosts that nobody else had or will have.
    func fresh(
        hosts count: Int,
        disk: String? = nil,
        members: Bool = true,
        versions: Fleet.Versions = Fleet.Versions(),
        _ scenario: @Sendable (Fleet) async throws -> Void
    ) async throws {
        let fleet = try await Fleet.boot(hosts: count, disk: disk, members: members, versions: versions)
        try await Self.run(scenario, with: fleet)
        await fleet.down()
        fleet.forget()
    }

    private static func run(_ scenario: @Sendable (Fleet) async throws -> Void, with fleet: Fleet) async throws {
        do {
            try await scenario(fleet)
        } catch {
            await fleet.keepEvidence(because: error)
            await fleet.down()
            throw error
        }
    }

    func close() async {
        for fleet in idle.values {
            await fleet.down()
            fleet.forget()
        }
        idle = [:]
        Fleet.tools.remove()
        if Machine.previousObstacle == nil { Fleet.previousTools.remove() }
    }
}

/// Ends the hosts when the last scenario is over.
struct PooledFleets: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        do {
            try await function()
        } catch {
            await FleetPool.shared.close()
            throw error
        }
        await FleetPool.shared.close()
    }
}
