package import Model

/// What a rollout needs to know of one host's service, taken from its report.
package struct ServiceFacts: Hashable, Codable, Sendable {
    /// What the host runs; nil before the first deployment.
    package var current: ReleaseID?
    /// Whether `current` was confirmed.
    package var isConfirmed: Bool
    package var health: Health
    package var isDrained: Bool
    /// Why no rollout may touch the host.
    package var held: String?
    /// The change that the host is performing or has performed last.
    package var operation: OperationReport?

    package init(
        current: ReleaseID? = nil,
        isConfirmed: Bool = false,
        health: Health = .unknown,
        isDrained: Bool = false,
        held: String? = nil,
        operation: OperationReport? = nil
    ) {
        self.current = current
        self.isConfirmed = isConfirmed
        self.health = health
        self.isDrained = isDrained
        self.held = held
        self.operation = operation
    }

    /// The facts about `service`; a host that has never heard of it runs nothing.
    package init(_ report: HostReport, service: ServiceName, environment: EnvironmentName) {
        let found = report.services.first { $0.service == service && $0.environment == environment }
        self.init(
            current: found?.current?.id,
            isConfirmed: found?.current?.isConfirmed ?? false,
            health: found?.health ?? .unknown,
            isDrained: found?.isDrained ?? false,
            held: found?.held,
            operation: found?.operation
        )
    }

    /// Whether the host carries its weight; the same rule as `ServiceReport.isInService`.
    var isInService: Bool {
        health.isHealthy && !isDrained && current != nil && operation?.phase.isInFlight != true
    }
}
