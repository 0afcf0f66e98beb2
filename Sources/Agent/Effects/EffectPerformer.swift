internal import Activation
internal import Artifacts
internal import Model

/// Performs the effects of one service's machine; it decides nothing and reports everything.
struct EffectPerformer: Sendable {
    let service: ServiceName
    let host: HostServices
    let store: ReleaseStore
    let materials: MaterialCache

    /// Performs one effect to its end; every way to fail is a result.
    func perform(_ effect: Effect) async -> EffectResult {
        do {
            return switch effect {
            case .verify(let verification): try await verify(verification)
            case .reserve(let id, let release): try await reserve(id, release)
            case .unpack(let id, let release): try await unpack(id, release)
            case .inspect(let id, let release): try await inspect(id, release)
            case .install(let id): try await install(id)
            case .armDeadMan(let delay, let wayBack): try await armDeadMan(after: delay, wayBack: wayBack)
            case .runHook(let hook): try await run(hook)
            case .migrate(let run): try await migrate(run)
            case .askIdle(let question): try await ask(question)
            case .lookAtTraffic(let look): try await self.look(look)
            case .directTraffic(let order): try await direct(order)
            case .stop(let units): try await stop(units)
            case .restore(let restorations): try await restore(restorations)
            case .handOver: try await handOver()
            case .switchTo(let step): try await change(step)
            case .start(let startup): try await start(startup)
            case .reload(let order): try await reload(order)
            case .check(let run): try await check(run)
            }
        } catch {
            return .failed(Self.failure(error))
        }
    }

    /// What an operator is told of an error from below.
    static func failure(_ error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as FileError: error.failure
        case let error as ArtifactError: failure(error)
        case is CancellationError: Failure(.cancelled, "a newer step took its place")
        case _: Failure(.internalError, "\(error)")
        }
    }

    private static func failure(_ error: ArtifactError) -> Failure {
        switch error.code {
        case .diskFull: Failure(.diskFull, "\(error)")
        case .notStored: Failure(.artifactMissing, "\(error)")
        case .digestMismatch, .sizeMismatch: Failure(.artifactDigest, "\(error)")
        case .entryRefused, .tooManyEntries, .tooManyBytes, .malformed, .truncated, .trailingData, .noEntries,
            .entryMissing, .packageRefused:
            Failure(.artifactRefused, "\(error)")
        case .system, .usage, .unconfined, .toolMissing, .toolCrashed, .toolTimedOut:
            Failure(.internalError, "\(error)")
        case .cancelled: Failure(.cancelled, "\(error)")
        }
    }

    /// The unit's last journal lines, as evidence.
    func evidence(of unit: UnitName, invocation: String, restarts: Int = 0) async -> [String] {
        // A run that systemd has begun by itself says little: why it had to is in the run before.
        await JournalReader().tail(unit, invocation: invocation, runs: restarts > 0 ? 2 : 1, limit: Self.evidenceLines)
    }

    /// Enough to see a stack trace's start, little enough to read at night.
    private static let evidenceLines = 25
}
