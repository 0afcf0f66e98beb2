internal import Protocol
internal import Session

/// How errors travel from a coordinator's desk to whoever asked, so that both say the same and end with the same code.
enum DeskProblem {
    static func problem(_ error: any Error) -> any Error {
        if error is CancellationError || error is Problem { return error }
        if let error = error as? CoordinatorError { return Problem(code: error.code.rawValue, message: error.advice) }
        let code: CoordinatorError.Code =
            switch ErrorClass(error) {
            case .usage: .askedWrongly
            case .refused: .askedInVain
            case .failed, nil: .coordinatorFailed
            }
        return Problem(code: code.rawValue, message: "\(error)")
    }

    /// What the coordinator has thrown, as far as this version knows it.
    static func error(_ error: any Error) -> any Error {
        guard let session = error as? SessionError, let problem = session.problem,
            let code = CoordinatorError.Code(rawValue: problem.code)
        else { return error }
        return CoordinatorError(code, problem.message)
    }
}
