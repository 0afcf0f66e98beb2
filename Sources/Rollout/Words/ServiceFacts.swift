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
    /// What differs from the release, one sentence each; nil for nothing.
    package var drift: [String]?
    /// Another service of the host that is being changed now, by whomever; nil for none.
    ///
    /// An agent that replaces itself leaves services alone.
    package var neighbour: ServiceName?

    package init(
        current: ReleaseID? = nil,
        isConfirmed: Bool = false,
        health: Health = .unknown,
        isDrained: Bool = false,
        held: String? = nil,
        operation: OperationReport? = nil,
        drift: [String]? = nil,
        neighbour: ServiceName? = nil
    ) {
        self.current = current
        self.isConfirmed = isConfirmed
        self.health = health
        self.isDrained = isDrained
        self.held = held
        self.operation = operation
        self.drift = drift
        self.neighbour = neighbour
    }

    /// The facts about `service`; a host that has never heard of it runs nothing.
    package init(_ report: HostReport, service: ServiceName, environment: EnvironmentName) {
        let found = report.services.first { $0.service == service && $0.environment == environment }
        self.init(
            // A link that somebody has turned is drift, and no release that was ordered.
            current: found?.expected ?? found?.current?.id,
            isConfirmed: found?.current?.isConfirmed ?? false,
            health: found?.health ?? .unknown,
            isDrained: found?.isDrained ?? false,
            held: found?.held,
            operation: found?.operation,
            drift: found.flatMap { Self.short($0.drift) },
            neighbour: Self.neighbour(in: report, of: service)
        )
    }

    private static func neighbour(in report: HostReport, of service: ServiceName) -> ServiceName? {
        guard service != .agent else { return nil }
        return report.services.first {
            $0.service != service && $0.service != .agent && $0.operation?.phase.isInFlight == true
        }?.service
    }

    /// Enough to name; it is kept with every host of a rollout.
    private static func short(_ drift: [String]) -> [String]? {
        guard drift.count > mostSentences else { return drift.isEmpty ? nil : drift }
        return drift.prefix(mostSentences) + ["and \(drift.count - mostSentences) more"]
    }

    private static let mostSentences = 3

    /// Whether the host is not as its release left it.
    var hasDrifted: Bool { drift != nil }

    /// Whether the host carries its weight; the same rule as `ServiceReport.isInService`.
    var isInService: Bool {
        health.isHealthy && !isDrained && current != nil && operation?.phase.isInFlight != true
    }
}
