internal import Model
internal import Rollout

/// Tells a rollout each time that the wall clock passes what its plan makes of it.
struct PlanClock {
    private let times: PlanTimes
    private var told: Opening?
    /// Between these nothing changes; a wall clock that was set back is noticed by the first.
    private var lastLook: Range<WallTime>?

    init(_ plan: Plan) throws(CoordinatorError) { times = try PlanTimes(plan) }

    /// What a rollout must be told before anything else happens at `now`.
    mutating func words(for machine: RolloutMachine, at now: WallTime) -> [RolloutEvent.Word] {
        var words: [RolloutEvent.Word] = []
        if let expiry = machine.expiry, expiry <= now { words.append(.scheduleExpired) }
        guard machine.plan.isTimed, lastLook?.contains(now) != true else { return words }
        let (opening, until) = times.opening(at: now)
        lastLook = now..<max(now, until)
        if opening != told { words.append(.opening(opening)) }
        told = opening
        return words
    }

    /// Whether there is something to tell.
    func isDue(for machine: RolloutMachine, at now: WallTime) -> Bool {
        var copy = self
        return !copy.words(for: machine, at: now).isEmpty
    }
}
