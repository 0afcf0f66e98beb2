import ArgumentParser
import Coordinator
import Model

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
    /// 128 and SIGINT, as shells say it: the watcher has gone, the rollout goes on.
    case interrupted = 130

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
        switch ErrorClass(error) {
        case .usage: self = .usage
        case .refused: self = .refused
        case .failed: self = .failed
        case nil where error is ExitCode || error is CleanExit || error is ValidationError: return nil
        case nil where "\(type(of: error))" == "CommandError": return nil
        case nil: self = .internalError
        }
    }

    /// Ends the command with this code, unless it is success.
    func leave() throws {
        guard self == .success else { throw ExitCode(rawValue) }
    }
}
