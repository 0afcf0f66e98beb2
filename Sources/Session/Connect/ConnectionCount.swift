import Synchronization

/// How many connections are open, and whether one more may be.
package final class ConnectionCount: Sendable {
    private let open = Atomic<Int>(0)
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// Takes a place; false when all are taken.
    package func enter() -> Bool {
        guard open.add(1, ordering: .relaxed).newValue <= limit else {
            leave()
            return false
        }
        return true
    }

    package func leave() { open.subtract(1, ordering: .relaxed) }
}
