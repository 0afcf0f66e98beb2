import Foundation
import Testing

/// Fleets that scenarios take turns with: a scenario that passed leaves its hosts to the next one.
actor FleetPool {
    static let shared = FleetPool()

    /// How many scenarios run at a time, because they mostly wait; FLEET_TEST_FLEETS says otherwise.
    static let size = ProcessInfo.processInfo.environment["FLEET_TEST_FLEETS"].flatMap { Int($0) } ?? 3

    private var idle: [Fleet] = []
    private var free = FleetPool.size
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Runs a scenario with a fleet of `count` hosts, which may have a history.
    func lend(hosts count: Int, _ scenario: @Sendable (Fleet) async throws -> Void) async throws {
        try await takeTurn {
            let fleet: Fleet
            if let index = idle.lastIndex(where: { $0.count == count }) {
                fleet = idle.remove(at: index)
            } else {
                fleet = try await Fleet.boot(hosts: count)
            }
            try await Self.run(scenario, with: fleet)
            idle.append(fleet)
        }
    }

    /// Runs a scenario with hosts that nobody else had or will have.
    func fresh(
        hosts count: Int,
        disk: String? = nil,
        members: Bool = true,
        versions: Fleet.Versions = Fleet.Versions(),
        _ scenario: @Sendable (Fleet) async throws -> Void
    ) async throws {
        try await takeTurn {
            let fleet = try await Fleet.boot(hosts: count, disk: disk, members: members, versions: versions)
            try await Self.run(scenario, with: fleet)
            await fleet.down()
            fleet.forget()
        }
    }

    private static func run(_ scenario: @Sendable (Fleet) async throws -> Void, with fleet: Fleet) async throws {
        defer { fleet.endProcesses() }
        do {
            try await scenario(fleet)
        } catch {
            await fleet.keepEvidence(because: error)
            await fleet.down()
            throw error
        }
    }

    /// Waits until fewer than `size` scenarios run; the first to come is the first to go on.
    private func takeTurn(_ body: () async throws -> Void) async throws {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
        defer {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
        try await body()
    }

    func close() async {
        for fleet in idle {
            await fleet.down()
            fleet.forget()
        }
        idle = []
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
