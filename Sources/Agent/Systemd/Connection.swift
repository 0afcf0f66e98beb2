internal import CSystemd
internal import Glibc

/// A bus connection with the jobs that wait for their end.
///
/// sd-bus is not thread-safe (sd-bus(3)), so a connection lives on one `WorkThread` alone, and ends with it.
final class Connection {
    private(set) var bus: OpaquePointer
    private let way: BusAddress
    /// Jobs that were started here and have not ended, by object path.
    private var waiters: [String: (waiter: JobWaiter, completion: (String) -> Void)] = [:]
    private var isSubscribed = false

    /// Opens a connection.
    ///
    /// - Throws: `SystemdError` when systemd can't be reached that way.
    init(_ way: BusAddress) throws(SystemdError) {
        self.way = way
        bus = try Self.open(way)
    }

    private static func open(_ way: BusAddress) throws(SystemdError) -> OpaquePointer {
        var opened: OpaquePointer?
        let status =
            switch way {
            case .systemBus: sd_bus_open_system(&opened)
            case .managerSocket(let path): fleet_bus_open_manager(&opened, "unix:path=\(path)")
            }
        guard status >= 0, let opened else {
            throw SystemdError(
                code: .busUnavailable,
                unit: nil,
                advice:
                    "cannot reach systemd by its \(way) (\(String(cString: strerror(-status)))); does dbus.service run?"
            )
        }
        return opened
    }

    deinit {
        sd_bus_flush_close_unref(bus)
        disconnect()
    }

    /// Opens the connection anew if the bus has gone away since, as it does when dbus.service is restarted.
    func restore() throws(SystemdError) {
        guard sd_bus_is_open(bus) <= 0 else { return }
        let fresh = try Self.open(way)
        sd_bus_flush_close_unref(bus)
        bus = fresh
        isSubscribed = false
    }

    /// The bus is gone, and nobody will hear how these jobs ended.
    private func disconnect() {
        for entry in waiters.values { entry.completion("disconnected") }
        waiters = [:]
    }

    /// Calls `completion` with systemd's word for the result when the job ends.
    ///
    /// The signal can't be missed: it is read from the connection only after this call returned.
    func awaitJob(_ path: String, _ waiter: JobWaiter, completion: @escaping (String) -> Void) {
        guard !waiter.isAbandoned else { return completion("canceled") }
        // Two requests for the same start share one job: the earlier waiter learns the end with the later one.
        let earlier = waiters[path]?.completion
        waiters[path] = (
            waiter,
            { word in
                earlier?(word)
                completion(word)
            }
        )
    }

    /// Ends the waiting for a job that nobody is interested in any more.
    func abandon(_ waiter: JobWaiter) {
        waiter.isAbandoned = true
        guard let path = waiters.first(where: { $0.value.waiter === waiter })?.key else { return }
        waiters.removeValue(forKey: path)?.completion("canceled")
    }

    /// Asks systemd for signals; before the first job.
    func subscribe() throws(SystemdError) {
        guard !isSubscribed else { return }
        try call("Subscribe", unit: nil) { error in fleet_manager_call(bus, "Subscribe", error) }
        let status = fleet_match_job_removed(
            bus,
            { message, context, _ in
                guard let message, let context else { return 0 }
                Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().jobRemoved(message)
                return 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        guard status >= 0 else { throw Self.broken(status) }
        isSubscribed = true
    }

    private func jobRemoved(_ message: OpaquePointer) {
        var job: UnsafePointer<CChar>?
        var unit: UnsafePointer<CChar>?
        var result: UnsafePointer<CChar>?
        guard fleet_read_job_removed(message, &job, &unit, &result) >= 0, let job, let result else { return }
        waiters.removeValue(forKey: String(cString: job))?.completion(String(cString: result))
    }

    /// Dispatches everything that has arrived, then sleeps until the bus or `wakeup` is readable.
    func process(orUntil wakeup: CInt) {
        while sd_bus_process(bus, nil) > 0 {}
        if sd_bus_is_open(bus) <= 0 { disconnect() }
        var timeout: UInt64 = .max
        _ = sd_bus_get_timeout(bus, &timeout)
        let events = sd_bus_get_events(bus)
        var descriptors = [
            pollfd(fd: sd_bus_get_fd(bus), events: Int16(truncatingIfNeeded: max(events, 0)), revents: 0),
            pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
        ]
        // sd_bus_get_timeout(3) is absolute and only set while a call is under way, which never is the case here;
        // a short sleep is the safe answer should that change.
        _ = poll(&descriptors, 2, timeout == .max ? -1 : 100)
    }

    /// Makes one call and turns its D-Bus error into ours.
    func call(_ name: String, unit: String?, _ body: (UnsafeMutablePointer<sd_bus_error>) -> CInt) throws(SystemdError)
    {
        var error = sd_bus_error()
        defer { sd_bus_error_free(&error) }
        let status = body(&error)
        guard status < 0 else { return }
        guard let errorName = error.name.map({ String(cString: $0) }) else { throw Self.broken(status) }
        let message = error.message.map { String(cString: $0) } ?? errorName
        let isMissing = errorName == "org.freedesktop.systemd1.NoSuchUnit"
        throw SystemdError(
            code: isMissing ? .noSuchUnit : .refused,
            unit: unit,
            advice: "systemd refused \(name): \(message)"
        )
    }

    private static func broken(_ status: CInt) -> SystemdError {
        SystemdError(
            code: .busUnavailable,
            unit: nil,
            advice: "the connection to systemd broke (\(String(cString: strerror(-status)))); see journalctl -u dbus"
        )
    }
}
