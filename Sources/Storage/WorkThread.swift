internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread that works off a queue, and sleeps in poll(2) while that is empty.
///
/// It alone touches `State`, which therefore need not be safe to share, and which ends with it.
package final class WorkThread<State>: Sendable {
    package typealias Work = @Sendable (State) -> Void

    private struct Queue {
        var work: [Work] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let wakeup: CInt

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: What ps(1) shows, at most 15 bytes.
    ///   - state: Handed to all work.
    ///   - sleep: Called while there is no work; returns when the descriptor is readable, or earlier.
    package init(
        name: String,
        _ state: sending State,
        sleep: @escaping @Sendable (State, CInt) -> Void = { _, wakeup in sleepUntilReadable(wakeup) }
    ) {
        wakeup = fleet_eventfd()
        precondition(wakeup >= 0, "eventfd(2) fails only without file descriptors, which ends the process anyway")
        startThread { [self] in
            fleet_name_thread(name)
            run(state, sleep)
        }
    }

    /// Hands `work` to the thread and returns at once; after `stop()` it is dropped.
    package func perform(_ work: @escaping Work) {
        queue.withLock { queue in
            guard !queue.isStopped else { return }
            queue.work.append(work)
            wake()
        }
    }

    /// Ends the thread after the work handed in so far.
    package func stop() {
        queue.withLock { queue in
            guard !queue.isStopped else { return }
            queue.isStopped = true
            wake()
        }
    }

    /// Only under the lock: the thread closes the descriptor once it has seen there that nobody will use it any more.
    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)  // full counter: the thread is awake anyway
    }

    private func run(_ state: State, _ sleep: (State, CInt) -> Void) {
        while true {
            let (work, isStopped) = queue.withLock { queue in
                defer { queue.work = [] }
                return (queue.work, queue.isStopped)
            }
            for item in work { item(state) }
            guard !isStopped else { break }
            guard work.isEmpty else { continue }
            sleep(state, wakeup)
            var drained: UInt64 = 0
            _ = read(wakeup, &drained, MemoryLayout<UInt64>.size)
        }
        close(wakeup)
    }
}

/// Sleeps until there is something to read.
package func sleepUntilReadable(_ descriptor: CInt) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&entry, 1, -1)
}

/// What a new thread starts with; pthread_create(3) takes no closure.
private final class ThreadBody {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}

private func startThread(_ body: @escaping () -> Void) {
    var thread = pthread_t()
    let failure = pthread_create(
        &thread,
        nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        },
        Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    )
    precondition(failure == 0, "pthread_create(3): \(String(cString: strerror(failure)))")
    pthread_detach(thread)
}
