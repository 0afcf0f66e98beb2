import Model

/// Everything that a rollout remembers; stored with each event, enough to go on after a crash.
package struct RolloutState: Hashable, Codable, Sendable {
    var phase = RolloutPhase.planned
    var pause: Pause?
    /// Whether the current pause was reported as standing.
    var isStanding = false
    /// By the host's index in the plan.
    var hosts: [HostState]
    var holder = ""
    var since = WallTime(milliseconds: 0)
    var epoch = Epoch.none
    /// The last sequence given to a request.
    var sequence: Int64 = 0
    /// Time of the last event.
    var now = Instant(milliseconds: 0)
    /// Moves with the clock when a coordinator resumes.
    var startedAt = Instant(milliseconds: 0)
    /// What an operator has lowered the plan's floors to, for all that is to come.
    var floor: Int?
    var failures = 0
    /// Failures that an operator has accepted by `resume`.
    var accepted = 0
    var areAbsencesAccepted = false
    /// A canary failed: no further host may get this release.
    var isCondemned = false
    /// Why it goes back, was refused or stopped, in words.
    var verdict: String?
    /// Why it goes back, since it does.
    var wayBack: WayBackCause?
    var bake: Bake?
    /// How far the plan's migration has come; nil while it is not asked for.
    var migration: MigrationStep?
    var musterBy: Instant?
    var progressBy: Instant?
    /// What was left of it when a stage had to wait for another order, which is no progress.
    var progressLeft: TimeSpan?
    var capacityAtStart = 0
    /// Capacity then, by the index of the place's rule.
    var placesAtStart: [Int] = []
    var lowestCapacity: Int?
    /// Nil where no approval is needed, or not yet.
    var consent: Consent?
    /// The gates of the stages that were reached, in order; nil before the first.
    var gates: [GateState]?
    /// What the plan's calendar says now; nil until the caller has said so.
    var opening: Opening?
    /// Rollouts of other services that are waited for; nil where there never were any.
    var queuedBehind: [ConcurrentRollout]?

    enum MigrationStep: String, Codable, Sendable {
        /// A host was asked for it and has not answered.
        case asked
        case done
    }

    /// A bake in progress: only time in which all was well counts.
    struct Bake: Hashable, Codable, Sendable {
        var remaining: TimeSpan
        /// Nil while it stands still.
        var runningSince: Instant?
        /// End of the current slice.
        var sliceEnds: Instant?

        /// What is left of it at `now`; events come late, which leaves no less than nothing.
        func left(at now: Instant) -> TimeSpan { max(.zero, remaining - (runningSince.map { now - $0 } ?? .zero)) }
    }

    init(plan: Plan) {
        queuedBehind = plan.isQueued ? plan.concurrent : nil
        var stages = [Int](repeating: 0, count: plan.hosts.count)
        for (index, stage) in plan.stages.enumerated() {
            for host in stage.hosts { stages[host] = index }
        }
        hosts = stages.map { HostState(stage: $0) }
    }
}
