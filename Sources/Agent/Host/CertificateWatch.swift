internal import Logging
internal import Model

/// Says in the log, at the start and once a day, that the host's certificate should be renewed.
struct CertificateWatch: Sendable {
    let validity: Validity
    let logger: Logger
    /// Measures the days.
    var clock: any Clock<Duration> = ContinuousClock()
    /// The host's wall clock, which certificates go by.
    let now: @Sendable () -> WallTime

    /// Looks until the task is cancelled.
    func run() async throws {
        while true {
            look()
            try await clock.sleep(for: .seconds(24 * 3600))
        }
    }

    private func look() {
        let metadata: Logger.Metadata = ["until": "\(validity.notAfter)"]
        switch validity.state(at: now()) {
        case .fine: break
        case .renewalDue: logger.warning("certificate is to be renewed: 'fleet host add' does it", metadata: metadata)
        case .expired: logger.error("certificate has expired: nobody can reach this agent", metadata: metadata)
        }
    }
}
