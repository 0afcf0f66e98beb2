import Model

/// One change of the running release, from the word to its end.
struct Change: Hashable, Codable, Sendable {
    enum Step: String, Codable, Sendable {
        case arming
        case draining
        case stopping
        case switching
        case starting
        case checking
        case undraining
        case rearming
        case awaitingCommit
    }

    enum Condition: String, Codable, Sendable {
        case sound
        /// Known to be unhealthy: a drain hook may fail because of just that.
        case sick
        /// Left behind by a change that got stuck: there is nothing to drain, and only a whole revert is one.
        case stuck
    }

    let requester: Requester
    let purpose: Purpose
    let target: Deployment
    /// What a revert goes back to; nil is the empty release.
    let predecessor: Deployment?
    /// A foreign unit that the release replaces.
    let adopts: UnitName?
    /// From the order; nil when none is needed.
    let validUntil: WallTime?
    let activateWithin: TimeSpan
    let commitWithin: TimeSpan
    let startedAt: WallTime
    /// How the service was before.
    let condition: Condition
    /// The target of a change that got stuck before this one: its units may still be there.
    let stranded: Deployment?
    var deadline: BootInstant
    var step: Step
    /// The checks of the release that is coming up.
    var watch: Watch?
    /// Who is answered when the change ends or waits for its commit.
    var waiters: [Requester]
    /// Who was answered when it began to wait; asked again, they hear how it ended.
    var informed: [Requester] = []
    /// Why a person did it, in their words.
    var reason: String?
    /// The rollout from which that person has taken the service.
    var brokenClaim: RolloutID?
    /// Who asked for the rollout; nil for a change on the host itself.
    var asker: String?
    /// SHA-256 of the order that covers it.
    var order: Digest?
    /// Whose key stands for approvals that a person's order lacks.
    var breakGlass: BreakGlass?
    /// Executable of the agent that began to replace itself: it takes the change back when the new one can't.
    var keeper: String?

    /// The steps that this change consists of.
    var route: [Step] {
        var steps: [Step] = [.arming]
        if HookRun(.drain, of: predecessor) != nil, condition != .stuck { steps.append(.draining) }
        if !stopUnits.isEmpty || keeper != nil { steps.append(.stopping) }
        if purpose != .restart { steps.append(.switching) }
        if target.unit != nil { steps.append(.starting) }
        // Also of files alone, which have neither unit nor checks: what nobody has looked at counts as unknown.
        return steps + [.checking, .undraining, .rearming, .awaitingCommit]
    }

    /// What runs before the switch.
    var stopUnits: [UnitName] {
        var units: [UnitName] = []
        for case let unit? in [predecessor?.unit, stranded?.unit, displacedUnit] where !units.contains(unit) {
            units.append(unit)
        }
        return units
    }

    /// The foreign unit, where it may be running.
    var displacedUnit: UnitName? { target.unit == nil ? nil : adopts }

    /// Whether the old release has been touched beyond its drain hook.
    var hasTouched: Bool {
        switch step {
        case .arming, .draining: condition == .stuck
        case .stopping, .switching, .starting, .checking, .undraining, .rearming, .awaitingCommit: true
        }
    }

    var phase: ActivationPhase {
        switch step {
        case .arming, .draining, .stopping: .draining
        case .switching: .switching
        case .starting: .starting
        case .checking, .undraining, .rearming: .checking
        case .awaitingCommit: .awaitingCommit
        }
    }
}
