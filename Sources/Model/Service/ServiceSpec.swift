/// What a service says of itself in the `service.yml` inside its artifact: how to start it and how to know that it works.
///
/// It travels with the code because it must change, and roll back, with the code.
package struct ServiceSpec: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var unit: UnitSource
    /// Socket units in the artifact, started before the service and kept listening across its restarts.
    package var sockets: [RelativePath]
    package var strategy: Strategy
    /// Of the template unit, where the strategy is `blue-green`; nil with any other.
    package var instances: InstancePair?
    /// The instances of a template unit that run at once and change together, where the strategy is `restart`; nil for a unit
    /// that is no template.
    package var copies: [InstanceName]?
    /// What the unit starts, where that is a timer; nil with any other.
    package var job: TimedJob?
    /// What a rollout does to shared data before it switches a host to the release; nil for nothing.
    package var migration: Migration?
    /// Time for the unit to become active; past it the start has failed.
    package var startTimeout: TimeSpan
    /// How long unit and checks must be well without a break before the release counts as healthy.
    package var healthyFor: TimeSpan
    /// Time for the first full pass of all checks after the start.
    package var checkDeadline: TimeSpan
    /// Pause between two rounds of checks.
    package var checkInterval: TimeSpan
    package var checks: [Check]
    package var hooks: Hooks

    package init(
        service: ServiceName,
        unit: UnitSource,
        sockets: [RelativePath] = [],
        strategy: Strategy = .restart,
        instances: InstancePair? = nil,
        copies: [InstanceName]? = nil,
        job: TimedJob? = nil,
        migration: Migration? = nil,
        startTimeout: TimeSpan = .seconds(30),
        healthyFor: TimeSpan = .seconds(10),
        checkDeadline: TimeSpan = .seconds(60),
        checkInterval: TimeSpan = .seconds(1),
        checks: [Check] = [],
        hooks: Hooks = Hooks()
    ) {
        self.service = service
        self.unit = unit
        self.sockets = sockets
        self.strategy = strategy
        self.instances = instances
        self.copies = copies
        self.job = job
        self.migration = migration
        self.startTimeout = startTimeout
        self.healthyFor = healthyFor
        self.checkDeadline = checkDeadline
        self.checkInterval = checkInterval
        self.checks = checks
        self.hooks = hooks
    }

    /// Where the spec stands in an artifact.
    package static let fileName = "service.yml"
}
