import Model

/// The way back from a change.
struct Reversal: Hashable, Codable, Sendable {
    enum Step: String, Codable, Sendable {
        case arming
        case diverting
        case draining
        /// Until the new release says that it may be stopped.
        case idling
        case stopping
        /// The new instance has stopped for good: it may not start any more.
        case unlinking
        case switching
        case starting
        case reloading
        case checking
        /// The old release was started anew and is as cold as any.
        case warming
        case undraining
        case readmitting
    }

    /// Why the change is taken back.
    let failure: Failure
    /// Nothing but the drain hook has happened yet: the old release still runs.
    var isShallow: Bool
    /// Begun before units may start: after the switch it waits for the agent.
    var isEarly = false
    var step: Step
    /// Counts from 1.
    var attempt: Int
    var deadline: BootInstant
    var watch: Watch?
    /// Until when the new release may be busy.
    var idleBy: Instant?
    /// It has said that it is; nil where it was not asked, or has not said so.
    var isBusy: Bool?

    /// The steps of taking `change` back whole; each is harmless where there is nothing to undo.
    func route(of change: Change) -> [Step] {
        guard !isShallow else { return [.undraining, .readmitting] }
        if case .running = change.passage { return [.arming, .switching, .reloading, .checking] }
        if change.isBeside { return Self.besideRoute }
        // The other instance has gone with a boot: there is nothing to drain of it, and nobody gives it traffic any more.
        if change.movesInstance, change.passage == .stopped { return Self.routeAfterBoot }
        var steps: [Step] = [.arming, .diverting, .draining]
        if change.target.job == nil { steps.append(.idling) }
        if change.target.unit != nil { steps.append(.stopping) }
        if change.target.job != nil { steps.append(.idling) }
        steps.append(.switching)
        if change.revertStartup != nil { steps.append(.starting) }
        if change.predecessor != nil { steps += [.checking, .warming] }
        return steps + [.undraining, .readmitting]
    }
}

extension Change {
    /// What must run again after a revert; nil when nothing ran before.
    var revertStartup: Startup? {
        if let startup = predecessor?.startup { return startup }
        guard predecessor == nil, let displacedUnit else { return nil }
        return Startup(unit: displacedUnit, sockets: [], timeout: target.spec.startTimeout)
    }
}
