import Activation
import Artifacts
import Model
import Testing

@testable import Agent

/// One rollout's words to the host, as an honest coordinator says them.
struct CrashRollout {
    private let fixture: CrashFixture
    private let runner: ServiceRunner
    private let artifacts: ContentStore
    private let rollout: RolloutID
    private let epoch: Epoch
    private var sequence: Int64 = 0

    /// Claims the host; `number` counts up, and no number is used twice.
    init(_ number: Int, of fixture: CrashFixture, to runner: ServiceRunner, _ artifacts: ContentStore) async throws {
        self.fixture = fixture
        self.runner = runner
        self.artifacts = artifacts
        rollout = RolloutID(ledger: CrashFixture.ledger, number: number)
        epoch = Epoch(Int64(number))
        let claim = Claim(
            service: CrashFixture.service,
            environment: CrashFixture.environment,
            rollout: rollout,
            epoch: epoch,
            holder: "alice@laptop",
            since: HostClock(bootID: "").wall
        )
        try await expect(.claim(claim)) { if case .claimed = $0 { true } else { false } }
    }

    /// Fetches, verifies and unpacks.
    mutating func prepare(_ release: Int) async throws -> HostReply {
        try fixture.push(release, to: artifacts)
        return await say(.prepare(try fixture.material(release, rollout, epoch, at: HostClock(bootID: "").wall)))
    }

    mutating func activate(_ release: Int, _ purpose: Purpose = .deploy) async throws -> HostReply {
        let order = ActivateOrder(
            release: try fixture.id(release),
            purpose: purpose,
            activateWithin: .minutes(5),
            commitWithin: .minutes(5)
        )
        return await say(.activate(order))
    }

    /// Brings a release to its commit and confirms it; whatever goes otherwise is a problem.
    mutating func deploy(_ release: Int, _ purpose: Purpose = .deploy) async throws {
        let id = try fixture.id(release)
        if purpose == .deploy {
            let prepared = try await prepare(release)
            guard prepared == .prepared(id) else { throw CrashProblem("prepare of \(id): \(prepared)") }
        }
        let waiting = try await activate(release, purpose)
        guard waiting == .awaitingCommit(id) else { throw CrashProblem("activate of \(id): \(waiting)") }
        try await expect(.commit(release: id.digest)) { $0 == .committed(id) }
        try await expect(.confirm(release: id.digest)) { $0 == .confirmed(id) }
        try await expect(.releaseClaim) { $0 == .released }
    }

    /// Brings a release to where it waits for its commit, and takes it back.
    mutating func tryAndRevert(_ release: Int) async throws {
        let id = try fixture.id(release)
        let prepared = try await prepare(release)
        guard prepared == .prepared(id) else { throw CrashProblem("prepare of \(id): \(prepared)") }
        let waiting = try await activate(release)
        guard waiting == .awaitingCommit(id) else { throw CrashProblem("activate of \(id): \(waiting)") }
        try await expect(.revert(release: id.digest, reason: "a test")) {
            if case .reverted = $0 { true } else { false }
        }
        try await expect(.releaseClaim) { $0 == .released }
    }

    mutating func say(_ request: HostRequest) async -> HostReply {
        sequence += 1
        let id = RequestID(rollout: rollout, epoch: epoch, sequence: sequence)
        let command = HostCommand(
            id: id,
            service: CrashFixture.service,
            environment: CrashFixture.environment,
            request: request
        )
        let reading = if case .claim = request { Reading.continued } else { RemoteService.read(request) }
        // An agent that ends gives no answer; here that is one, too.
        do { return try await runner.ask(.command(id), .command(command, reading)) } catch { return .refused(error) }
    }

    private mutating func expect(_ request: HostRequest, _ isRight: (HostReply) -> Bool) async throws {
        let reply = await say(request)
        guard isRight(reply) else { throw CrashProblem("\(request): \(reply)") }
    }
}

/// What is not as it must be.
struct CrashProblem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
