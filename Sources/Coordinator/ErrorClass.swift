internal import Artifacts
internal import Configuration
internal import Model
internal import Protocol
internal import Rollout
internal import Session
internal import TLS
internal import Trust

/// Whose business an error is; decides the exit code of whoever asked.
package enum ErrorClass: Sendable {
    /// Something was asked for that does not exist, or is written wrongly.
    case usage
    /// A rule forbids it; nothing was changed.
    case refused
    /// It was tried, and did not work.
    case failed

    /// Nil for an error that nobody has foreseen.
    package init?(_ error: any Error) {
        switch error {
        case let error as CoordinatorError: self = error.code.errorClass
        case is ConfigurationError, is ModelError: self = .usage
        case is PlanRefusal, is TrustError, is ArtifactError, is TLSError, is Failure: self = .refused
        case is SessionError: self = .failed
        default: return nil
        }
    }
}

extension CoordinatorError.Code {
    var errorClass: ErrorClass {
        switch self {
        case .configuration, .workspaceMissing, .workspaceInvalid, .hostUnknown, .rolloutUnknown, .versionUnknown,
            .memberUnknown, .recordUnknown, .askedWrongly:
            .usage
        case .rolloutUnderWay, .rolloutEnded, .rolloutElsewhere, .wordRefused, .planUnknown, .versionTaken,
            .artifactInvalid, .quarantined, .unproven, .closed, .nothingToRollBackTo, .nothingToRemove, .nothingBehind,
            .provenanceMissing,
            .approval,
            .askedInVain:
            .refused
        case .enrolment, .commandFailed, .fileUnusable, .backup, .coordinatorFailed: .failed
        }
    }
}
