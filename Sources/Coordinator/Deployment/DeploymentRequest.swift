package import Model

/// What somebody asks of one service in one environment, besides the release itself.
package struct DeploymentRequest: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var environment: EnvironmentName
    package var skips: [SkippedHost]
    package var reason: String?
    package var adoption: AdoptionPolicy
    /// Nil is `refuse`.
    package var quarantine: QuarantinePolicy?
    /// Nil means `refuse`; older commands say nothing.
    package var drift: DriftPolicy?
    /// Nil means `obey`.
    package var calendar: CalendarPolicy?
    /// Nil means at once.
    package var schedule: StartSchedule?
    /// Nil means `refuse`.
    package var unproven: UnprovenPolicy?
    /// Nil means `wait`.
    package var concurrency: ConcurrencyPolicy?
    /// The number of the rollout in the same place whose place it takes.
    package var supersedes: Int?

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        skips: [SkippedHost] = [],
        reason: String? = nil,
        adoption: AdoptionPolicy = .refuse,
        quarantine: QuarantinePolicy? = nil,
        drift: DriftPolicy? = nil,
        calendar: CalendarPolicy? = nil,
        schedule: StartSchedule? = nil,
        unproven: UnprovenPolicy? = nil,
        concurrency: ConcurrencyPolicy? = nil,
        supersedes: Int? = nil
    ) {
        self.service = service
        self.environment = environment
        self.skips = skips
        self.reason = reason
        self.adoption = adoption
        self.quarantine = quarantine
        self.drift = drift
        self.calendar = calendar
        self.schedule = schedule
        self.unproven = unproven
        self.concurrency = concurrency
        self.supersedes = supersedes
    }
}
