import Synchronization

/// Credit that a peer has granted and senders take; who finds too little waits.
///
/// A `Mutex` and not an actor, because a cancellation handler is called at once and on any thread.
package final class CreditGate: Sendable {
    private struct Waiter {
        let id: UInt64
        let least: Int
        let most: Int
        let continuation: CheckedContinuation<Int, any Error>
    }

    private struct State {
        var credit = 0
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        var failure: (any Error)?
    }

    /// More than anyone may sensibly grant; keeps a peer from overflowing the sum.
    private static let mostCredit = 1 << 40

    private let state: Mutex<State>

    package init(credit: Int = 0) { state = Mutex(State(credit: credit)) }

    /// Takes up to `most`, once at least `least` is there; in the order of asking.
    ///
    /// - Throws: `CancellationError`, or what the gate was failed with.
    package func take(least: Int, most: Int) async throws -> Int {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let waiter = Waiter(id: id, least: least, most: most, continuation: continuation)
                let outcome: Result<Int, any Error>? = state.withLock { state in
                    if let failure = state.failure { return .failure(failure) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.waiters.isEmpty, state.credit >= least else {
                        state.waiters.append(waiter)
                        return nil
                    }
                    let taken = min(most, state.credit)
                    state.credit -= taken
                    return .success(taken)
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    package func grant(_ amount: Int) {
        let served = state.withLock { state in
            state.credit = min(Self.mostCredit, state.credit + amount)
            var served: [(Waiter, Int)] = []
            while let waiter = state.waiters.first, state.credit >= waiter.least {
                let taken = min(waiter.most, state.credit)
                state.credit -= taken
                served.append((state.waiters.removeFirst(), taken))
            }
            return served
        }
        for (waiter, taken) in served { waiter.continuation.resume(returning: taken) }
    }

    /// Everyone who waits, now or later, gets `error`; the first failure stays.
    package func fail(_ error: any Error) {
        let waiters = state.withLock { state in
            if state.failure == nil { state.failure = error }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }
}
