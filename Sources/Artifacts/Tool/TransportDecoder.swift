package import Model
import Synchronization

/// One transport stream being decoded by a sandboxed child, chunk by chunk, with back pressure.
package final class TransportDecoder: Sendable {
    private struct State {
        var result: Result<ChildResult, ArtifactError>?
        var waiter: CheckedContinuation<Result<ChildResult, ArtifactError>, Never>?
    }

    private let path: String
    private let feed: ChildFeed
    private let cancellation = CancellationFlag()
    private let state = Mutex(State())

    init(
        tool: UnpackTool,
        maximum: ByteCount,
        sink: @escaping @Sendable (UnsafeRawBufferPointer) throws(ArtifactError) -> Void
    ) throws(ArtifactError) {
        path = tool.path
        feed = ChildFeed(wake: try WakeSignal())
        let request = tool.request(
            ["decode", "--maximum", "\(maximum.bytes)"],
            input: .feed(feed),
            output: .sink(sink)
        )
        let (feed, cancellation) = (feed, cancellation)
        BlockingThread.start { [weak self] in
            let result = Result { () throws(ArtifactError) in
                try ChildDriver.run(request, wake: feed.wake, cancellation: cancellation)
            }
            self?.settle(result)
        }
    }

    deinit { cancel() }

    /// Hands over a chunk and returns when the child took it.
    ///
    /// - Throws: What the child or the sink refused.
    package func write(_ bytes: [UInt8]) async throws(ArtifactError) {
        guard await feed.write(bytes) else {
            _ = try await report()
            throw ArtifactError(.trailingData, "the transport stream goes on after its end; send the artifact again")
        }
    }

    /// Ends the stream and returns the number of decoded bytes, all of which the sink has seen.
    package func finish() async throws(ArtifactError) -> ByteCount {
        feed.finish()
        return ByteCount(try await report().bytes)
    }

    /// Ends the child; pending calls throw.
    package func cancel() {
        cancellation.set()
        feed.wake.raise()
    }

    private func report() async throws(ArtifactError) -> ToolReport {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state in
                    if state.result == nil { state.waiter = continuation }
                    return state.result
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            cancel()
        }
        return try UnpackTool.report(of: result.get(), path: path)
    }

    private func settle(_ result: Result<ChildResult, ArtifactError>) {
        let waiter = state.withLock { state in
            state.result = result
            return state.waiter.take()
        }
        waiter?.resume(returning: result)
    }
}
