/// The full text of what a rollout will do; its digest is what people approve.
///
/// The digest is the SHA-256 of the canonical JSON (RFC 8785), so every field must encode without floats and with
/// integers below 2^53.
package struct Plan: Hashable, Codable, Sendable {
    package var kind: Kind
    package var fleet: FleetName
    package var service: ServiceName
    package var environment: EnvironmentName
    /// What every host of the plan runs when it has succeeded.
    package var target: ReleaseID
    /// Full text of the target; nil when the hosts have it already (rollback, restart).
    package var release: Release?
    /// The environment's confirmed release before this rollout; nil at the first deployment.
    package var previous: ReleaseID?
    /// In the order of the inventory; a host's index here is its index everywhere.
    package var hosts: [PlannedHost]
    /// In order of execution; together they name every host once.
    package var stages: [PlannedStage]
    /// Hosts of the environment that are left out on purpose; the outcome is then incomplete.
    package var skipped: [SkippedHost]
    package var capacity: PlannedCapacity
    package var limits: Limits
    package var onFailure: FailurePolicy
    package var approvals: Int
    /// Whether a unit of the service's name that Fleet did not install is taken over.
    package var adoption: AdoptionPolicy
    /// Why, in the words of who started it.
    package var reason: String?
    /// What people have approved before, where hosts catch up with it; then nobody is asked.
    package var catchUp: StandingOrder?
    /// The rollout that has quarantined the target's artifact, where somebody takes it again on purpose; `reason` says why.
    package var again: RolloutID?
    /// Hosts that have come back or are new, and for whose sake it is done; nil for what is meant for the environment.
    package var returned: [HostID]?
    /// What a host does that hears no commit in time; nil means `revert`, as before there was a choice.
    package var onCommitMissing: CommitMissingPolicy?
    /// What becomes of hosts that have drifted; nil means `refuse`, as before there was a choice.
    package var drift: DriftPolicy?
    /// The full text of every gate that a stage names, once; nil where none does.
    package var gates: [Gate]?
    /// The load balancers that hosts are taken out of while they change; nil where there are none.
    package var traffic: TrafficPolicy?
    /// When it may begin and go on to the next stage; nil means at all times.
    package var calendar: ChangeCalendar?
    /// What the calendar said when somebody planned it whatever that says, and `reason` says why; then it holds nothing.
    package var whileClosed: String?
    /// When it is to begin; nil means at once.
    package var schedule: StartSchedule?
    /// What happens when hosts can't be reached as it begins; nil means `pause`.
    package var offline: OfflinePolicy?
    /// Where the artifact has proved itself before; nil where nothing demands it.
    package var proving: Proving?
    /// Variables in which the target differs from `previous`; nil where none does, or the ledger does not know.
    package var variables: [VariableChange]?
    /// Rollouts of other services that had not ended when it was planned, and that it has to do with; nil for none.
    package var concurrent: [ConcurrentRollout]?
    /// What it does about them; nil means `wait`.
    package var concurrency: ConcurrencyPolicy?
    /// The rollout in the same place that is aborted when this one is begun, and whose place it takes; `reason` says why.
    package var supersedes: RolloutID?
    /// What is done to shared data before the first host is switched; nil for nothing.
    package var migration: PlannedMigration?

    package init(
        kind: Kind,
        fleet: FleetName,
        service: ServiceName,
        environment: EnvironmentName,
        target: ReleaseID,
        release: Release?,
        previous: ReleaseID?,
        hosts: [PlannedHost],
        stages: [PlannedStage],
        skipped: [SkippedHost] = [],
        capacity: PlannedCapacity,
        limits: Limits,
        onFailure: FailurePolicy,
        approvals: Int = 0,
        adoption: AdoptionPolicy = .refuse,
        reason: String? = nil,
        catchUp: StandingOrder? = nil,
        again: RolloutID? = nil,
        returned: [HostID]? = nil,
        onCommitMissing: CommitMissingPolicy? = nil,
        drift: DriftPolicy? = nil,
        gates: [Gate]? = nil,
        traffic: TrafficPolicy? = nil,
        calendar: ChangeCalendar? = nil,
        whileClosed: String? = nil,
        schedule: StartSchedule? = nil,
        offline: OfflinePolicy? = nil,
        proving: Proving? = nil,
        variables: [VariableChange]? = nil,
        supersedes: RolloutID? = nil,
        migration: PlannedMigration? = nil
    ) {
        self.kind = kind
        self.fleet = fleet
        self.service = service
        self.environment = environment
        self.target = target
        self.release = release
        self.previous = previous
        self.hosts = hosts
        self.stages = stages
        self.skipped = skipped
        self.capacity = capacity
        self.limits = limits
        self.onFailure = onFailure
        self.approvals = approvals
        self.adoption = adoption
        self.reason = reason
        self.catchUp = catchUp
        self.again = again
        self.returned = returned
        self.onCommitMissing = onCommitMissing
        self.drift = drift
        self.gates = gates
        self.traffic = traffic
        self.calendar = calendar
        self.whileClosed = whileClosed
        self.schedule = schedule
        self.offline = offline
        self.proving = proving
        self.variables = variables
        self.supersedes = supersedes
        self.migration = migration
    }

    /// The text of a gate that a stage names.
    package func gate(_ name: GateName) -> Gate? { gates?.first { $0.name == name } }

    /// Whether something may begin only at certain times.
    package var isTimed: Bool { calendar != nil && whileClosed == nil || schedule != nil }

    /// Whether it may have to wait for rollouts of other services.
    package var isQueued: Bool { concurrent?.isEmpty == false && concurrency != .alongside }

    package enum Kind: String, Codable, Sendable {
        /// A release moves in.
        case deploy
        /// An earlier release moves back in: no canary, no bakes, same floor.
        case rollback
        /// The same release is started anew, host by host.
        case restart
        /// The service leaves every host: the target is what the environment is on, and nothing comes in its place.
        case remove
    }
}
