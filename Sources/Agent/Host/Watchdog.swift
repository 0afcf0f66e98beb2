internal import CSystemd
internal import Model

/// Tells systemd that the agent is ready, alive, and about to stop (sd_notify(3)).
struct Watchdog: Sendable {
    /// Announces readiness, then life, at half the interval that systemd asks for, until the task is cancelled.
    ///
    /// - Parameter isAlive: Asked before each sign of life; an agent that hangs stays silent and is restarted.
    /// - Throws: `CancellationError` at its end.
    func run(_ isAlive: @Sendable () async -> Bool) async throws {
        sd_notify(0, "READY=1")
        defer { sd_notify(0, "STOPPING=1") }
        var microseconds: UInt64 = 0
        let isWatched = sd_watchdog_enabled(0, &microseconds) > 0
        let interval = isWatched ? Duration.microseconds(Int64(microseconds / 2)) : .seconds(3600)
        while true {
            try await Task.sleep(for: interval)
            if isWatched, await isAlive() { sd_notify(0, "WATCHDOG=1") }
        }
    }
}
