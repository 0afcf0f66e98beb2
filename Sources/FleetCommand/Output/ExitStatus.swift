import ArgumentParser
import Artifacts
import Configuration
import Coordinator
import Model
import Protocol
import Rollout
import Session
import TLS
import Trust

/// The exit codes of `fleet`; docs/terminology.md tells what each means.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    case internalError = 1
    case failed = 2
    case refused = 3
    case rolledBack = 4
    case paused = 5
    case incomplete = 6
    case aborted = 7
    case usage = 64

    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .succeeded: .success
            case .failed: .failed
            case .refused: .refused
            case .rolledBack: .rolledBack
            case .paused: .paused
            case .incomplete: .incomplete
            case .aborted: .aborted
            }
    }

    /// The code for an error of ours; nil for what the argument parser itself has to say.
    init?(refusing error: any Error) {
        switch error {
        case let error as CoordinatorError: self = Self.status(of: error.code)
        case is ConfigurationError, is ModelError: self = .usage
        case is PlanRefusal, is TrustError, is ArtifactError, is TLSError, is Failure: self = .refused
        case is SessionError: self = .failed
        case is ExitCode, is CleanExit, is ValidationError: return nil
        case is CancellationError: self = .internalError
        case _ where "\(type(of: error))" == "CommandError": return nil
        case _: self = .internalError
        }
    }

    private static func status(of code: CoordinatorError.Code) -> Self {
        switch code {
        case .configuration, .workspaceMissing, .workspaceInvalid, .hostUnknown, .rolloutUnknown, .versionUnknown:
            .usage
        case .rolloutUnderWay, .rolloutEnded, .rolloutElsewhere, .versionTaken, .artifactInvalid, .nothingToRollBackTo,
            .provenanceMissing:
            .refused
        case .enrolment, .commandFailed, .fileUnusable, .backup: .failed
        }
    }

    /// Ends the command with this code, unless it is success.
    func leave() throws {
        guard self == .success else { throw ExitCode(rawValue) }
    }
}
