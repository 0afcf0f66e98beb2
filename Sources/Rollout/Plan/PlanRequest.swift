package import Model

/// What somebody wants done in an environment; `Planner` works out the plan.
package struct PlanRequest: Hashable, Sendable {
    package var kind: Plan.Kind
    package var fleet: FleetName
    package var environment: Environment
    package var target: ReleaseID
    /// Full text of the target for `deploy`; nil when the hosts have it already.
    package var release: Release?
    /// The environment's confirmed release.
    package var previous: ReleaseID?
    /// How the target is started and checked, where that is known.
    package var spec: ServiceSpec?
    package var skips: [SkippedHost]
    package var adoption: AdoptionPolicy
    package var reason: String?
    /// Whether the target is the environment's immediate confirmed predecessor, to which hosts go back without an order.
    package var isWayBack: Bool
    /// The order by which hosts that were away get the target.
    package var catchUp: StandingOrder?
    /// The rollout that has quarantined the target's artifact, where somebody takes it again on purpose.
    package var again: RolloutID?
    /// Hosts that have come back or are new, where it is done for their sake.
    package var returned: [HostID]?
    package var drift: DriftPolicy
    /// What the environment's calendar says now, where that shall hold nothing.
    package var whileClosed: String?
    package var schedule: StartSchedule?
    package var proving: Proving?
    /// Full text of `previous`, where the ledger has it.
    package var previousRelease: Release?
    /// The rollout in the same place whose place it takes.
    package var supersedes: RolloutID?

    package init(
        kind: Plan.Kind,
        fleet: FleetName,
        environment: Environment,
        target: ReleaseID,
        release: Release? = nil,
        previous: ReleaseID? = nil,
        spec: ServiceSpec? = nil,
        skips: [SkippedHost] = [],
        adoption: AdoptionPolicy = .refuse,
        reason: String? = nil,
        isWayBack: Bool = false,
        catchUp: StandingOrder? = nil,
        again: RolloutID? = nil,
        returned: [HostID]? = nil,
        drift: DriftPolicy = .refuse,
        whileClosed: String? = nil,
        schedule: StartSchedule? = nil,
        proving: Proving? = nil,
        previousRelease: Release? = nil,
        supersedes: RolloutID? = nil
    ) {
        self.kind = kind
        self.fleet = fleet
        self.environment = environment
        self.target = target
        self.release = release
        self.previous = previous
        self.spec = spec
        self.skips = skips
        self.adoption = adoption
        self.reason = reason
        self.isWayBack = isWayBack
        self.catchUp = catchUp
        self.again = again
        self.returned = returned
        self.drift = drift
        self.whileClosed = whileClosed
        self.schedule = schedule
        self.proving = proving
        self.previousRelease = previousRelease
        self.supersedes = supersedes
    }
}
