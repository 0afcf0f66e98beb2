/// Work that is performed one after the other, in order of arrival.
///
/// The tasks are owned here: each waits for the one before, and `end()` waits for the last.
struct WorkQueue {
    private var last: Task<Void, Never>?
    private var pending = 0

    var isBusy: Bool { pending > 0 }

    /// Performs `work` after everything that was added before, then `onEnd`, which must call `ended()`.
    mutating func add(
        _ work: @escaping @Sendable () async -> Void,
        onEnd: @escaping @Sendable () async -> Void
    ) {
        let before = last
        pending += 1
        last = Task {
            await before?.value
            await work()
            await onEnd()
        }
    }

    mutating func ended() { pending -= 1 }

    /// Cancels what was added last; it still ends before newer work begins.
    func cancelCurrent() { last?.cancel() }

    /// Cancels what was added last and waits for everything to end.
    func end() async {
        last?.cancel()
        await last?.value
    }
}
