import Activation
import Configuration
import Model
import Storage
import Testing

@testable import Agent

struct RecoveryTests {
    @Test("Work is done while the services run, and they end with it")
    func settles() async throws {
        let scratch = Scratch()
        let systemd = try SilentSystemd()
        try await scratch.remember(scratch.machine)
        let runtime = try await scratch.runtime(systemd, scratch.configuration)
        let report = try await Recovery.settle(runtime, stage: .earlyBoot) { await runtime.agent.report() }
        #expect(report.services.map(\.service) == [Scratch.service])
    }

    @Test("A service that can't recover ends the wait with its reason", .timeLimit(.minutes(1)))
    func failsToRecover() async throws {
        let scratch = Scratch()
        let systemd = try SilentSystemd()
        try await scratch.remember(scratch.machine)
        let runtime = try await scratch.runtime(systemd, scratch.configuration)
        // Another agent writes to the same journal meanwhile.
        try await scratch.remember(scratch.machine)
        let error = await #expect(throws: StorageError.self) {
            try await Recovery.settle(runtime, stage: .running) {}
        }
        #expect(error?.code == .sequenceConflict)
    }

    @Test("A runner that has ended answers nobody any more, and keeps nobody waiting", .timeLimit(.minutes(1)))
    func answersNobody() async throws {
        let scratch = Scratch()
        let systemd = try SilentSystemd()
        try await scratch.remember(scratch.machine)
        let runtime = try await scratch.runtime(systemd, scratch.configuration)
        try await scratch.remember(scratch.machine)
        await #expect(throws: StorageError.self) { try await runtime.agent.run() }
        let reply = await runtime.local.perform(.unhold(Scratch.service), user: "alice")
        guard case .failed(let failure) = reply else {
            Issue.record("expected no answer, got \(reply)")
            return
        }
        #expect(failure.code == .internalError)
    }

    @Test("What agent.yml says now wins over what it said when the service came")
    func settingsOfToday() async throws {
        let scratch = Scratch()
        let systemd = try SilentSystemd()
        try await scratch.remember(scratch.machine)
        var configuration = scratch.configuration
        configuration.claimLease = .minutes(2)
        configuration.keepReleases = 7
        let runtime = try await scratch.runtime(systemd, configuration)
        try await Recovery.settle(runtime, stage: .earlyBoot) {
            _ = await runtime.local.perform(.unhold(Scratch.service), user: "alice")
        }
        let stored = try #require(try await scratch.journal().machine(of: Scratch.service))
        #expect(stored.machine.settings == ServiceSettings(keep: 7, claimLease: .minutes(2)))
    }
}
