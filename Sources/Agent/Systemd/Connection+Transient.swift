internal import CSystemd
internal import Glibc
internal import Model

extension Connection {
    /// Starts a transient service and returns its job.
    func start(_ command: TransientCommand) throws(SystemdError) -> String {
        try transientJob(command) { transient, error, job in
            fleet_start_transient_service(bus, command.unit.text, transient, error, job)
        }
    }

    /// Starts a transient timer and returns its job.
    func startTimer(_ timer: UnitName, after delay: TimeSpan, command: TransientCommand) throws(SystemdError) -> String
    {
        try transientJob(command) { transient, error, job in
            fleet_start_transient_timer(
                bus,
                timer.text,
                UInt64(max(delay.milliseconds, 0)) * 1000,
                Self.timerAccuracy,
                command.unit.text,
                transient,
                error,
                job
            )
        }
    }

    /// 100 ms in microseconds: systemd's default lets a timer fire up to a minute late.
    private static let timerAccuracy: UInt64 = 100_000

    /// Reads how a transient service ended and lets systemd forget it.
    func collect(_ command: TransientCommand, job: JobResult) throws(SystemdError) -> CommandResult {
        let inspection = try inspect(command.unit)
        if inspection.state.active == "failed" {
            try call("ResetFailedUnit", unit: command.unit.text) {
                fleet_manager_call_unit(bus, "ResetFailedUnit", command.unit.text, $0)
            }
        }
        // A service that succeeded may be gone already, and systemd then answers with a fresh, empty unit: the job's
        // own result decides.
        return CommandResult(
            result: job == .done ? "success" : inspection.state.result,
            exitStatus: inspection.exitStatus,
            invocation: inspection.state.invocation
        )
    }

    private func transientJob(
        _ command: TransientCommand,
        _ body: (
            UnsafePointer<fleet_transient>, UnsafeMutablePointer<sd_bus_error>,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        ) -> CInt
    ) throws(SystemdError) -> String {
        var path: UnsafeMutablePointer<CChar>?
        defer { free(path) }
        let strings = CStrings()
        var transient = fleet_transient(
            description: strings.pointer(command.description),
            user: strings.pointer(command.user),
            group: strings.pointer(command.group),
            working_directory: strings.pointer(command.workingDirectory),
            environment_file: strings.pointer(command.environmentFile),
            environment: strings.list(command.environment),
            credentials: strings.list(command.credentials.flatMap { [$0.variable, $0.credential] }),
            arguments: strings.list(command.arguments),
            run_time_usec: UInt64(max(command.timeout.milliseconds, 1)) * 1000
        )
        try call("StartTransientUnit", unit: command.unit.text) { body(&transient, $0, &path) }
        withExtendedLifetime(strings) {}
        return path.map { String(cString: $0) } ?? ""
    }
}
