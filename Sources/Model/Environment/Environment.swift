/// Where releases of one service run, and by which policy they get there.
package struct Environment: Hashable, Codable, Sendable {
    package var name: EnvironmentName
    package var service: ServiceName
    /// In the order of the inventory.
    package var hosts: [Host]
    package var capacity: CapacityPolicy
    /// Empty means the default: one canary, then the rest.
    package var stages: [StagePolicy]
    /// What stages may name, each name once; what none names judges nothing here.
    package var gates: [Gate]
    package var config: [ConfigEntry]
    package var secrets: [SecretReference]
    package var debianScripts: DebianScripts
    /// Distinct people who must approve a plan.
    package var approvals: Int
    /// Time in which they must, before they are asked anew; at most `Order.longestAsking`.
    package var approveWithin: TimeSpan
    /// Demands CI provenance: what a development key has signed does not go there.
    package var isControlled: Bool
    /// Time in which the coordinator must commit a host that waits for it; past it the host decides by itself.
    package var commitWithin: TimeSpan
    /// What becomes of such a host's release then.
    package var onCommitMissing: CommitMissingPolicy
    /// On which host migrations run; nil means the first of the first stage.
    package var migrateOn: HostID?
    package var onFailure: FailurePolicy
    /// Hosts that may fail in one rollout, over the whole fleet, before it stops.
    package var failureBudget: Int
    /// Time without any host becoming healthy before the rollout pauses; stands still while paused or waiting.
    package var progressDeadline: TimeSpan
    /// Time for one host to prepare.
    package var prepareTimeout: TimeSpan
    /// The load balancers that its hosts are behind; nil where Fleet has nothing to do with them.
    package var traffic: TrafficPolicy?
    /// When new releases may move in; nil means at all times.
    package var calendar: ChangeCalendar?
    /// What happens when hosts can't be reached as a rollout begins; nil means `pause`.
    package var offline: OfflinePolicy?
    /// How long stages bake that say nothing themselves; nil means not at all.
    package var bake: FallingBake?
    /// Where an artifact must have proved itself before; nil means nowhere.
    package var proven: ProvenPolicy?
    /// Services whose rollouts in the environment of the same name come first.
    package var after: [ServiceName]

    package init(
        name: EnvironmentName,
        service: ServiceName,
        hosts: [Host],
        capacity: CapacityPolicy = CapacityPolicy(),
        stages: [StagePolicy] = [],
        gates: [Gate] = [],
        config: [ConfigEntry] = [],
        secrets: [SecretReference] = [],
        debianScripts: DebianScripts = .refuse,
        approvals: Int = 0,
        approveWithin: TimeSpan = .hours(1),
        isControlled: Bool = false,
        commitWithin: TimeSpan = .seconds(60),
        onCommitMissing: CommitMissingPolicy = .revert,
        onFailure: FailurePolicy = .rollback,
        failureBudget: Int = 0,
        progressDeadline: TimeSpan = .minutes(10),
        prepareTimeout: TimeSpan = .minutes(10),
        traffic: TrafficPolicy? = nil,
        offline: OfflinePolicy? = nil,
        bake: FallingBake? = nil,
        calendar: ChangeCalendar? = nil,
        proven: ProvenPolicy? = nil,
        after: [ServiceName] = []
    ) {
        self.name = name
        self.service = service
        self.hosts = hosts
        self.capacity = capacity
        self.stages = stages
        self.gates = gates
        self.config = config
        self.secrets = secrets
        self.debianScripts = debianScripts
        self.approvals = approvals
        self.approveWithin = approveWithin
        self.isControlled = isControlled
        self.commitWithin = commitWithin
        self.onCommitMissing = onCommitMissing
        self.onFailure = onFailure
        self.failureBudget = failureBudget
        self.progressDeadline = progressDeadline
        self.prepareTimeout = prepareTimeout
        self.traffic = traffic
        self.offline = offline
        self.bake = bake
        self.calendar = calendar
        self.proven = proven
        self.after = after
    }

    /// The gates that a stage names.
    package var usedGates: [Gate] {
        let names = Set(stages.flatMap(\.gates))
        return gates.filter { names.contains($0.name) }
    }
}
