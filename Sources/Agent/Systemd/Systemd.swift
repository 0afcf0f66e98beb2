internal import CSystemd
internal import Glibc
package import Model
internal import Storage

/// The host's systemd over its D-Bus interface (org.freedesktop.systemd1(5)): typed results, jobs awaited by their signals.
package struct Systemd: ServiceManager {
    /// Sleeps until a message arrives or work is handed to it, so an idle agent causes no wakeups here.
    private let thread: WorkThread<Connection>

    /// Connects to systemd.
    ///
    /// - Throws: `SystemdError` when it can't be reached.
    package init(by way: BusAddress = .systemBus) throws(SystemdError) {
        thread = WorkThread(name: "fleet-systemd", try Connection(way)) { $0.process(orUntil: $1) }
    }

    /// Ends the connection; calls under way fail.
    package func close() { thread.stop() }

    /// Starts a unit and waits until its job has ended.
    package func start(_ unit: UnitName) async throws -> JobResult { try await job("StartUnit", unit) }

    /// Tells a unit that runs to take up its configuration (systemctl(1), `reload`) and waits until it has.
    package func reload(_ unit: UnitName) async throws -> JobResult { try await job("ReloadUnit", unit) }

    /// Stops a unit and waits until its processes are gone.
    package func stop(_ unit: UnitName) async throws -> JobResult { try await job("StopUnit", unit) }

    /// Reads all unit files anew; needed after any of them changed.
    package func reload() async throws {
        try await perform { connection throws(SystemdError) in
            try connection.call("Reload", unit: nil) { fleet_manager_call(connection.bus, "Reload", $0) }
        }
    }

    /// Forgets a unit's failures and start-rate counter, so that a deliberate start is never refused for them.
    package func resetFailed(_ unit: UnitName) async throws {
        try await unitCall("ResetFailedUnit", unit) { fleet_manager_call_unit($0, "ResetFailedUnit", $1, $2) }
    }

    /// Makes a unit start at boot.
    package func enable(_ unit: UnitName) async throws {
        try await unitCall("EnableUnitFiles", unit) { fleet_enable_unit($0, $1, $2) }
    }

    /// Makes a unit not start at boot.
    package func disable(_ unit: UnitName) async throws {
        try await unitCall("DisableUnitFiles", unit) { fleet_disable_unit($0, $1, $2) }
    }

    /// What systemd knows of a unit now.
    ///
    /// A unit that does not exist is `inactive` with `loadState` `not-found`.
    package func inspect(_ unit: UnitName) async throws -> UnitInspection {
        try await perform { connection throws(SystemdError) in try connection.inspect(unit) }
    }

    /// What a unit uses now; of its journal nothing.
    package func figures(_ unit: UnitName) async throws -> UnitFigures {
        try await perform { connection throws(SystemdError) in try connection.figures(unit) }
    }

    /// The manager's own version, for example `252.39-1~deb12u1`.
    package func version() async throws -> String {
        try await perform { connection throws(SystemdError) in
            try PropertyReader(connection: connection, unit: nil, path: "/org/freedesktop/systemd1")
                .string("Version", "org.freedesktop.systemd1.Manager")
        }
    }

    /// Runs a command as a transient service and waits until it has ended.
    package func run(_ command: TransientCommand) async throws -> CommandResult {
        let result = try await awaitJob { connection throws(SystemdError) in try connection.start(command) }
        return try await perform { connection throws(SystemdError) in try connection.collect(command, job: result) }
    }

    /// Starts a command as a transient service and does not wait for it; one of that name that runs is taken for it.
    package func launch(_ command: TransientCommand) async throws {
        let state = try await inspect(command.unit).state
        guard state.active == "inactive" || state.active == "failed" else { return }
        try await forgetFailure(of: command.unit)
        try await perform { connection throws(SystemdError) in _ = try connection.start(command) }
    }

    /// Arms a timer that runs `command` once, `delay` from now, whatever becomes of this process.
    ///
    /// A timer of the same name is replaced.
    package func arm(_ timer: UnitName, after delay: TimeSpan, command: TransientCommand) async throws {
        try await disarm(timer)
        _ = try await awaitJob { connection throws(SystemdError) in
            try connection.startTimer(timer, after: delay, command: command)
        }
    }

    /// Stops a timer; one that has gone or never was is no error.
    package func disarm(_ timer: UnitName) async throws {
        do {
            _ = try await stop(timer)
        } catch let error as SystemdError where error.code == .noSuchUnit {
            return
        }
    }

    private func job(_ method: String, _ unit: UnitName) async throws -> JobResult {
        try await awaitJob { connection throws(SystemdError) in
            var path: UnsafeMutablePointer<CChar>?
            defer { free(path) }
            try connection.call(method, unit: unit.text) {
                fleet_unit_job(connection.bus, method, unit.text, "replace", $0, &path)
            }
            return path.map { String(cString: $0) } ?? ""
        }
    }

    private func unitCall(
        _ method: String,
        _ unit: UnitName,
        _ body: @escaping @Sendable (OpaquePointer, String, UnsafeMutablePointer<sd_bus_error>) -> CInt
    ) async throws {
        try await perform { connection throws(SystemdError) in
            try connection.call(method, unit: unit.text) { body(connection.bus, unit.text, $0) }
        }
    }

    /// Runs `body` on the bus thread, where it starts a job, and waits for the job's end.
    ///
    /// Cancelling the task ends the waiting, not the job.
    private func awaitJob(
        _ body: @escaping @Sendable (Connection) throws(SystemdError) -> String
    ) async throws -> JobResult {
        let waiter = JobWaiter()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                thread.perform { connection in
                    do throws(SystemdError) {
                        try connection.restore()
                        try connection.subscribe()
                        let path = try body(connection)
                        connection.awaitJob(path, waiter) { continuation.resume(returning: JobResult(word: $0)) }
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        } onCancel: {
            thread.perform { $0.abandon(waiter) }
        }
    }

    /// Runs `body` on the bus thread.
    private func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws(SystemdError) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            thread.perform { connection in
                do throws(SystemdError) {
                    try connection.restore()
                    continuation.resume(returning: try body(connection))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
