internal import Synchronization

/// Numbers for local requests, each given once in the life of this process.
enum LocalTicket {
    private static let last = Atomic<Int64>(0)

    static func next() -> Int64 { last.add(1, ordering: .relaxed).newValue }
}
