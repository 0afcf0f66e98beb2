/// A thread of its own for actors whose work blocks: databases, files, links.
///
/// Blocking work never meets an event loop, what shares the thread happens in one order, and a fault injector that
/// counts system calls per thread sees exactly that.
package final class DedicatedThread: SerialExecutor {
    private let thread: WorkThread<Void>

    /// Starts the thread; `name` is what ps(1) shows, at most 15 bytes.
    package init(name: String) { thread = WorkThread(name: name, ()) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        thread.perform { _ in unowned.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Ends the thread once its queue is empty; only when no actor uses it any more.
    package func stop() { thread.stop() }
}
