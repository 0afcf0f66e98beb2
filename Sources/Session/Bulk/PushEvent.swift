internal import Protocol

/// What happens while an artifact is pushed.
enum PushEvent: Sendable {
    /// The peer's answer to the offer.
    case answered(Result<ArtifactState, any Error>)
    /// All bytes and the end were sent.
    case sent
    /// They were not.
    case broken(any Error)
}

/// Why an artifact was not pushed: either side may fail first, and then the other one does.
struct PushFailures {
    var answer: (any Error)?
    var source: (any Error)?

    /// The one that came of nothing else: a source that broke, then what the peer said, then what the connection did.
    var cause: any Error {
        if let source, !(source is SessionError) { return source }
        if let answer, !(answer is CancellationError) { return answer }
        return source ?? answer ?? CancellationError()
    }
}
