import Synchronization

/// Bytes on their way into a child's standard input, one chunk at a time: a writer waits until its chunk is taken.
final class ChildFeed: Sendable {
    private struct State {
        var chunk: [UInt8] = []
        var offset = 0
        var writer: CheckedContinuation<Bool, Never>?
        var isFinished = false
        var isClosed = false
    }

    let wake: WakeSignal
    private let state = Mutex(State())

    init(wake: WakeSignal) { self.wake = wake }

    /// Whether the child took the bytes; false when it ended before.
    func write(_ bytes: [UInt8]) async -> Bool {
        guard !bytes.isEmpty else { return true }
        return await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                precondition(state.writer == nil, "one write at a time")
                guard !state.isClosed, !state.isFinished else { return true }
                state.chunk = bytes
                state.offset = 0
                state.writer = continuation
                return false
            }
            if isClosed { continuation.resume(returning: false) } else { wake.raise() }
        }
    }

    /// No more will come: the child sees the end of its input.
    func finish() {
        state.withLock { $0.isFinished = true }
        wake.raise()
    }

    /// Nobody reads any more.
    func close() {
        let writer = state.withLock { state in
            state.isClosed = true
            return state.writer.take()
        }
        writer?.resume(returning: false)
    }

    var hasBytes: Bool { state.withLock { $0.writer != nil } }

    var isAtEnd: Bool { state.withLock { $0.isFinished && $0.writer == nil } }

    /// Offers the pending bytes to `consume`, which answers how many it took.
    func drain(_ consume: (UnsafeRawBufferPointer) -> Int) {
        let writer = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.writer != nil else { return nil }
            let offset = state.offset
            state.offset += state.chunk.withUnsafeBytes { consume(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
            guard state.offset == state.chunk.count else { return nil }
            state.chunk = []
            return state.writer.take()
        }
        writer?.resume(returning: true)
    }
}
