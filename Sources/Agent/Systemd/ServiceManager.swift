package import Model

/// What the agent asks of a host's systemd; `Systemd` is the real one, tests of power cuts bring a model of it.
package protocol ServiceManager: Sendable {
    /// Starts a unit and waits until its job has ended.
    func start(_ unit: UnitName) async throws -> JobResult
    /// Tells a unit that runs to take up its configuration (systemctl(1), `reload`) and waits until it has.
    func reload(_ unit: UnitName) async throws -> JobResult
    /// Stops a unit and waits until its processes are gone.
    func stop(_ unit: UnitName) async throws -> JobResult
    /// Reads all unit files anew; needed after any of them changed.
    func reload() async throws
    /// Forgets a unit's failures and start-rate counter, so that a deliberate start is never refused for them.
    func resetFailed(_ unit: UnitName) async throws
    /// Makes a unit start at boot.
    func enable(_ unit: UnitName) async throws
    /// Makes a unit not start at boot.
    func disable(_ unit: UnitName) async throws
    /// What systemd knows of a unit now; one that does not exist is `inactive` with `loadState` `not-found`.
    func inspect(_ unit: UnitName) async throws -> UnitInspection
    /// What a unit uses now; of its journal nothing.
    func figures(_ unit: UnitName) async throws -> UnitFigures
    /// The manager's own version.
    func version() async throws -> String
    /// Runs a command as a transient service and waits until it has ended.
    func run(_ command: TransientCommand) async throws -> CommandResult
    /// Starts a command as a transient service and does not wait for it; one of that name that runs is taken for it.
    func launch(_ command: TransientCommand) async throws
    /// Arms a timer that runs `command` once, `delay` from now, whatever becomes of this process.
    func arm(_ timer: UnitName, after delay: TimeSpan, command: TransientCommand) async throws
    /// Stops a timer; one that has gone or never was is no error.
    func disarm(_ timer: UnitName) async throws
    /// Ends the connection; calls under way fail.
    func close()
}

extension ServiceManager {
    /// As `resetFailed`, for a unit that may not be there: then there is nothing to forget.
    func forgetFailure(of unit: UnitName) async throws {
        do { try await resetFailed(unit) } catch let error as SystemdError where error.code == .noSuchUnit {}
    }
}
