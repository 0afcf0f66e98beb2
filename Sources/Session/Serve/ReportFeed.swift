package import Model
import Synchronization

/// The latest report of a host, for everyone who follows it.
///
/// A follower that is slow skips what was overtaken: each holds one report at most.
package final class ReportFeed: Sendable {
    private struct State {
        var latest: NumberedReport?
        var nextFollower = 0
        var followers: [Int: AsyncStream<NumberedReport>.Continuation] = [:]
    }

    /// A `Mutex`, because `onTermination` is called at once and on any thread.
    private let state = Mutex(State())

    package init() {}

    /// Sequence of the latest report; 0 before the first.
    package var sequence: Int64 { state.withLock { $0.latest?.sequence ?? 0 } }

    package var latest: NumberedReport? { state.withLock { $0.latest } }

    /// Tells everyone who follows; for one caller at a time.
    package func publish(_ report: HostReport) {
        let (numbered, followers) = state.withLock { state in
            let numbered = NumberedReport(sequence: (state.latest?.sequence ?? 0) + 1, report: report)
            state.latest = numbered
            return (numbered, Array(state.followers.values))
        }
        // Never under the lock: a follower that is being cancelled holds its task's own lock while `onTermination` waits
        // for ours, and to wake it needs that.
        for follower in followers { follower.yield(numbered) }
    }

    /// The latest report, if there is one, and then each change that the reader is quick enough for.
    package func follow() -> AsyncStream<NumberedReport> {
        let (stream, continuation) = AsyncStream<NumberedReport>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextFollower += 1
            state.followers[state.nextFollower] = continuation
            if let latest = state.latest { continuation.yield(latest) }
            return state.nextFollower
        }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            _ = state.withLock { state in state.followers.removeValue(forKey: id) }
        }
        return stream
    }
}
