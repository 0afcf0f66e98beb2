internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of its own for actors whose work blocks: databases, files, links.
///
/// Blocking work never meets an event loop, what shares the thread happens in one order, and a fault injector that
/// counts system calls per thread sees exactly that.
package final class DedicatedThread: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let wakeup: CInt
    private let name: String

    /// Starts the thread; `name` is what ps(1) shows, at most 15 bytes.
    package init(name: String) {
        self.name = name
        wakeup = fleet_eventfd()
        precondition(wakeup >= 0, "eventfd(2) fails only without file descriptors, which ends the agent anyway")
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<DedicatedThread>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(self).toOpaque()
        )
        precondition(failure == 0, "pthread_create(3): \(String(cString: strerror(failure)))")
        pthread_detach(thread)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        queue.withLock { $0.jobs.append(unowned) }
        wake()
    }

    /// Ends the thread once its queue is empty; only when no actor uses it any more.
    package func stop() {
        queue.withLock { $0.isStopped = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)  // full counter: the thread is awake anyway
    }

    private func run() {
        fleet_name_thread(name)
        while true {
            let (jobs, isStopped) = queue.withLock { queue in
                defer { queue.jobs = [] }
                return (queue.jobs, queue.isStopped)
            }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            guard jobs.isEmpty else { continue }
            guard !isStopped else { break }
            var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, -1)
            var drained: UInt64 = 0
            _ = read(wakeup, &drained, MemoryLayout<UInt64>.size)
        }
        close(wakeup)
    }
}
