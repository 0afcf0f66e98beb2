internal import Logging
internal import Model

/// Says in the log, at the start and once a day, that the host's certificate should be renewed.
struct CertificateWatch: Sendable {
    /// Of the certificate that is shown at the time.
    let validity: @Sendable () async -> Validity
    let logger: Logger
    /// Measures the days.
    var clock: any Clock<Duration> = ContinuousClock()
    /// The host's wall clock, which certificates go by.
    let now: @Sendable () -> WallTime

    /// Looks until the task is cancelled.
    func run() async throws {
        while true {
            look(await validity())
            try await clock.sleep(for: .seconds(24 * 3600))
        }
    }

    private func look(_ validity: Validity) {
        let metadata: Logger.Metadata = ["until": "\(validity.notAfter)"]
        switch validity.state(at: now()) {
        case .fine: break
        case .renewalDue:
            logger.warning("certificate is to be renewed: 'fleet ca renew-hosts' does it", metadata: metadata)
        case .expired: logger.error("certificate has expired: nobody can reach this agent", metadata: metadata)
        }
    }
}
