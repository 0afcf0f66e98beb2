/// What one host says about one service.
package struct ServiceReport: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var environment: EnvironmentName
    /// What the `current` link names; nil before the first deployment.
    package var current: InstalledRelease?
    package var previous: InstalledRelease?
    package var health: Health
    package var unit: UnitState?
    package var checks: [CheckResult]
    package var operation: OperationReport?
    package var claim: Claim?
    /// Why no rollout may touch the host: a local apply or rollback; nil when it may.
    package var held: String?
    /// Taken out of traffic by a drain hook.
    package var isDrained: Bool
    /// What differs from the release, one sentence each: changed files, units or settings, a hand-flipped link, a unit that
    /// somebody stopped.
    package var drift: [String]
    /// Settings that somebody added to the release's units on this host, which they may; nil in what an agent of the version
    /// before says to the command line of this one.
    package var overrides: [String]?
    /// The release that the host counts as its own, where `current` was made to name another.
    package var expected: ReleaseID?

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        current: InstalledRelease? = nil,
        previous: InstalledRelease? = nil,
        health: Health = .unknown,
        unit: UnitState? = nil,
        checks: [CheckResult] = [],
        operation: OperationReport? = nil,
        claim: Claim? = nil,
        held: String? = nil,
        isDrained: Bool = false,
        drift: [String] = [],
        overrides: [String]? = [],
        expected: ReleaseID? = nil
    ) {
        self.service = service
        self.environment = environment
        self.current = current
        self.previous = previous
        self.health = health
        self.unit = unit
        self.checks = checks
        self.operation = operation
        self.claim = claim
        self.held = held
        self.isDrained = isDrained
        self.drift = drift
        self.overrides = overrides
        self.expected = expected
    }

    /// Whether the host carries its weight: healthy, in traffic, and not in the middle of a change.
    package var isInService: Bool {
        health.isHealthy && !isDrained && current != nil && operation?.phase.isInFlight != true
    }
}
