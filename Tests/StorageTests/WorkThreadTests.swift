import Testing

@testable import Storage

struct WorkThreadTests {
    /// Ends with its thread, and says so.
    private final class Ledger {
        var entries: [Int] = []
        let end: @Sendable ([Int]) -> Void
        init(end: @escaping @Sendable ([Int]) -> Void) { self.end = end }
        deinit { end(entries) }
    }

    @Test("Work is done in order, what was handed in before the stop included, and the state ends with the thread")
    func order() async {
        let (ends, end) = AsyncStream.makeStream(of: [Int].self)
        let thread = WorkThread(name: "test", Ledger(end: { end.yield($0) }))
        for number in 1...100 { thread.perform { $0.entries.append(number) } }
        thread.stop()
        thread.perform { $0.entries.append(0) }
        var iterator = ends.makeAsyncIterator()
        #expect(await iterator.next() == Array(1...100))
    }

    @Test("A thread with another source of work sleeps for both")
    func sleeps() async {
        let (sleeps, slept) = AsyncStream.makeStream(of: Void.self)
        let thread = WorkThread(name: "test", ()) { _, wakeup in
            slept.yield()
            sleepUntilReadable(wakeup)
        }
        var iterator = sleeps.makeAsyncIterator()
        await iterator.next()
        let (works, worked) = AsyncStream.makeStream(of: Void.self)
        thread.perform { _ in worked.yield() }
        var done = works.makeAsyncIterator()
        await done.next()
        await iterator.next()
        thread.stop()
    }

    @Test("An actor on a thread of its own runs there")
    func executes() async {
        actor Counter {
            private let thread: DedicatedThread
            private var count = 0
            nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
            init(_ thread: DedicatedThread) { self.thread = thread }
            func next() -> Int {
                count += 1
                return count
            }
        }
        let thread = DedicatedThread(name: "test")
        let counter = Counter(thread)
        for expected in 1...10 { #expect(await counter.next() == expected) }
        thread.stop()
    }
}
