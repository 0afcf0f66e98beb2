import Model

/// One change of the running release, from the word to its end.
struct Change: Hashable, Codable, Sendable {
    enum Step: String, Codable, Sendable {
        case arming
        /// Whether the unit runs that shall be reloaded.
        case probing
        /// Whether every load balancer answers.
        case surveying
        /// The instance to come is hidden from whoever looks for its drain file.
        case hiding
        /// Until no load balancer would give the instance to come traffic.
        case closing
        /// Until the host, or its old instance, has no sessions.
        case diverting
        case draining
        /// Until the service says that it may be stopped.
        case idling
        case stopping
        /// The old instance has stopped for good: it may not start any more.
        case unlinking
        /// What has drifted comes back, where that was asked for.
        case restoring
        case switching
        /// What its timer starts runs once, and must end well.
        case trying
        case starting
        case reloading
        /// Until every check has passed once; then it is warmed up.
        case answering
        case warming
        case checking
        case undraining
        /// Until the host has its traffic again.
        case readmitting
        case rearming
        case awaitingCommit
        /// The deadline is over, and the release shall stay if it is healthy: the timer is armed for that question.
        case guarding
        case judging
        /// It stays without its commit.
        case kept
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
    var target: Deployment
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
    /// Nil means `revert`.
    var onCommitMissing: CommitMissingPolicy?
    /// Nil means that what is on the disk counts as it is.
    var drift: DriftPolicy?
    /// Since when it stays without its commit.
    var keptSince: WallTime?
    /// Executable of the agent that began to replace itself: it takes the change back when the new one can't.
    var keeper: String?
    /// Of a unit that need not stop; nil where it is stopped and started.
    var passage: Passage?
    /// The load balancers that the host is behind.
    var diversion: Diversion?
    /// Until when they have time to find it well again.
    var readmitBy: Instant?

    /// Until when its predecessor may be busy.
    var idleBy: Instant?
    /// It has said that it is busy; nil where it was not asked, or has not said so.
    var isBusy: Bool?

    /// The steps that this change consists of.
    var route: [Step] {
        if isReload {
            return [.arming, .probing, .switching, .reloading, .checking, .rearming, .awaitingCommit] + afterDeadline
        }
        if isBeside { return besideRoute + afterDeadline }
        var steps: [Step] = [.arming]
        if diversion != nil { steps += [.surveying, .diverting] }
        if HookRun(.drain, of: predecessor) != nil, condition != .stuck { steps.append(.draining) }
        if predecessor?.job == nil, HookRun(.idle, of: predecessor) != nil, condition != .stuck {
            steps.append(.idling)
        }
        if !stopUnits.isEmpty || keeper != nil { steps.append(.stopping) }
        if predecessor?.job != nil { steps.append(.idling) }
        if drift == .repair { steps.append(.restoring) }
        if purpose != .restart || drift == .repair || target.instance != nil { steps.append(.switching) }
        if target.spec.job?.isTried == true { steps.append(.trying) }
        if target.unit != nil { steps.append(.starting) }
        // Also of files alone, which have neither unit nor checks: what nobody has looked at counts as unknown.
        steps += warmUp + [.checking, .undraining, .readmitting, .rearming, .awaitingCommit]
        return steps + afterDeadline
    }

    /// What is before traffic is not for a service that goes on with it.
    var warmUp: [Step] { HookRun(.warmUp, of: target) == nil ? [] : [.answering, .warming] }

    private var afterDeadline: [Step] { onCommitMissing == .keep ? [.guarding, .judging, .kept] : [] }

    /// Whether the service goes on while links are switched.
    private var isReload: Bool {
        switch passage {
        case .unseen, .running: true
        case .stopped, .beside, nil: false
        }
    }

    /// What must have stopped before the new release runs; beside it, before that is all.
    var stopUnits: [UnitName] {
        if isBeside { return [predecessor?.unit].compactMap(\.self) }
        let old = [predecessor, stranded].compactMap(\.self).flatMap(\.runUnits)
        var units: [UnitName] = []
        for unit in old + [displacedUnit].compactMap(\.self) where !units.contains(unit) { units.append(unit) }
        return units
    }

    /// The foreign unit, where it may be running.
    var displacedUnit: UnitName? { target.unit == nil ? nil : adopts }

    /// Whether the old release has been touched beyond its drain hook.
    var hasTouched: Bool {
        switch step {
        case .arming, .probing, .surveying, .hiding, .closing: condition == .stuck
        case .idling where predecessor?.job != nil: true
        case .diverting, .draining, .idling: isBeside || condition == .stuck
        case .stopping, .unlinking, .restoring, .switching, .trying, .starting, .reloading, .answering, .warming,
            .checking,
            .undraining, .readmitting, .rearming, .awaitingCommit, .guarding, .judging, .kept:
            true
        }
    }

    /// Whether its target is up and waits for a word, in time or late.
    var isWaiting: Bool {
        switch step {
        case .awaitingCommit, .guarding, .judging, .kept: true
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping, .unlinking,
            .restoring, .switching, .trying, .starting, .reloading, .answering, .warming, .checking, .undraining,
            .readmitting,
            .rearming:
            false
        }
    }

    /// Whether the deadline that is over, or was while nobody was there to notice, asks how the release is.
    var mayStay: Bool { isWaiting && step != .kept && onCommitMissing == .keep }

    var phase: ActivationPhase {
        switch step {
        // The service has none of its states twice in a change: beside it, the new one is being checked until all is done.
        case .diverting where isBeside, .draining where isBeside, .idling where isBeside, .stopping where isBeside,
            .unlinking:
            .checking
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .stopping: .draining
        case .restoring, .switching: .switching
        case .trying, .starting, .reloading: .starting
        case .answering, .warming, .checking, .undraining, .readmitting, .rearming: .checking
        case .awaitingCommit, .guarding, .judging: .awaitingCommit
        case .kept: .kept
        }
    }
}
