internal import CLinux
internal import CSystemd
internal import Glibc
internal import Synchronization

/// The one thread that touches a bus connection, because sd-bus is not thread-safe (sd-bus(3)).
///
/// It sleeps in poll(2) until a message arrives or work is handed to it, so an idle agent causes no wakeups here.
final class BusThread: Sendable {
    /// Work for the thread; runs with exclusive use of the connection.
    typealias Work = @Sendable (Connection) -> Void

    private struct Queue {
        var work: [Work] = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let wakeup: CInt

    /// Opens a connection on a new thread.
    ///
    /// - Throws: `SystemdError` when systemd can't be reached that way.
    init(_ way: BusAddress) throws(SystemdError) {
        var bus: OpaquePointer?
        let status =
            switch way {
            case .systemBus: sd_bus_open_system(&bus)
            case .managerSocket: fleet_bus_open_manager(&bus)
            }
        guard status >= 0, let bus else {
            throw SystemdError(
                code: .busUnavailable,
                unit: nil,
                advice:
                    "cannot reach systemd by its \(way) (\(String(cString: strerror(-status)))); does dbus.service run?"
            )
        }
        wakeup = fleet_eventfd()
        precondition(wakeup >= 0, "eventfd(2) fails only without file descriptors, which ends the agent anyway")
        let start = Start(thread: self, connection: Connection(bus))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                fleet_name_thread("systemd-bus")
                start.thread.run(start.connection)
                return nil
            },
            Unmanaged.passRetained(start).toOpaque()
        )
        precondition(failure == 0, "pthread_create(3): \(String(cString: strerror(failure)))")
        pthread_detach(thread)
    }

    /// Hands `work` to the thread and returns at once; after `stop()` it is dropped.
    func perform(_ work: @escaping Work) {
        queue.withLock { $0.work.append(work) }
        wake()
    }

    /// Ends the thread after the work handed in so far.
    func stop() {
        queue.withLock { $0.isStopped = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)  // full counter: the thread is awake anyway
    }

    private func run(_ connection: Connection) {
        defer {
            connection.close()
            close(wakeup)
        }
        while true {
            let (work, isStopped) = queue.withLock { queue in
                defer { queue.work = [] }
                return (queue.work, queue.isStopped)
            }
            for item in work { item(connection) }
            guard !isStopped else { return }
            connection.processAll()
            guard queue.withLock({ $0.work.isEmpty && !$0.isStopped }) else { continue }
            connection.wait(or: wakeup)
        }
    }

    /// What the new thread starts with.
    private final class Start {
        let thread: BusThread
        let connection: Connection

        init(thread: BusThread, connection: Connection) {
            self.thread = thread
            self.connection = connection
        }
    }
}
