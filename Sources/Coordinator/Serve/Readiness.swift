internal import CSystemd

/// Tells systemd that the coordinator is ready, and when it is about to stop (sd_notify(3)).
struct Readiness {
    /// - Throws: `CancellationError` at its end.
    func run() async throws {
        sd_notify(0, "READY=1")
        defer { sd_notify(0, "STOPPING=1") }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
