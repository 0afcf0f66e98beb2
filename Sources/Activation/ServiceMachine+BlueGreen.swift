import Model

/// Releases that come up beside the one that serves: in the other instance of a template unit, which gets the traffic once it
/// is well. Then the old instance drains and stops.
///
/// Whatever is not known to be in order goes the ordinary way, in the instance that is there: so does what must be cured, and
/// a way back when load balancers can't be told of another instance. An instance may run while it has a link, which is
/// switched together with `current`; before the commit is awaited, and after a way back, one is left.
extension ServiceMachine {
    /// The release that was committed, where it runs.
    var standing: Deployment? { entry(current?.digest)?.deployment(in: instance) }

    /// Where a release runs that takes the place of `predecessor`; nil where no template is used.
    static func instance(of spec: ServiceSpec, inPlaceOf predecessor: Deployment?) -> InstanceName? {
        guard let pair = spec.instances else { return nil }
        return predecessor?.instance.flatMap { pair.contains($0) ? $0 : nil } ?? pair.first
    }

    /// Gives the target of `change` the other instance, if both may run at the same time.
    func runBeside(_ change: inout Change) {
        guard mayRunBeside(change), let pair = change.target.spec.instances else { return }
        change.target.instance = pair.other(than: change.predecessor?.instance)
        change.diversion = diversion(from: change.predecessor, to: change.target)
        change.passage = .beside
    }

    private func mayRunBeside(_ change: Change) -> Bool {
        guard let (old, new) = change.predecessor.map({ ($0.spec, change.target.spec) }) else { return false }
        return new.strategy == .blueGreen && old.strategy == .blueGreen && old.instances == new.instances
            && old.unit.unitName == new.unit.unitName && change.predecessor?.instance == change.target.instance
            && traffic?.loadBalancers.allSatisfy(\.namesInstances) ?? true
            && change.condition == .sound && change.drift != .repair && change.adopts == nil && !isDrained
            && !isDiverted
    }

    /// The same change the ordinary way, while nothing is touched: whoever gives the old instance traffic need not be told of
    /// another.
    func inPlace(_ change: Change) -> Change {
        guard change.isBeside else { return change }
        var next = change
        next.target.instance = change.predecessor?.instance
        next.diversion = diversion(from: change.predecessor, to: next.target)
        next.passage = nil
        next.step = .surveying
        return next
    }

    /// Why a release can't be told from its predecessor by load balancers, or they look for instances that it has not.
    static func refusal(of spec: ServiceSpec, behind traffic: TrafficPolicy?) -> Failure? {
        let hasInstances = spec.strategy == .blueGreen
        guard let odd = traffic?.loadBalancers.first(where: { $0.namesInstances != hasInstances }) else { return nil }
        let found = "'\(odd.server)' is the server of backend '\(odd.backend)' in fleet.yml"
        let message =
            hasInstances
            ? "\(found), and strategy 'blue-green' needs one for each instance: write for example server: \"{host}-{instance}\""
            : "\(found), and a service with the strategy '\(spec.strategy.rawValue)' has no instances: leave {instance} out"
        return Failure(.specInvalid, message)
    }

    // MARK: Traffic

    /// Whether the new instance can have the traffic that the old one has.
    mutating func surveyed(_ states: [TrafficState], _ change: Change, at now: Moment) -> [Action] {
        guard let closed = closed(states, change) else { return leave(change, at: now) }
        return change.goesOnInTraffic ? leave(inPlace(change), at: now) : refuse(change, because: closed)
    }

    /// Gives the new instance traffic wherever the old one has some.
    ///
    /// Where a person has taken the old one out, the new one stays out, too, and is theirs.
    mutating func admit(_ states: [TrafficState], _ change: Change, at now: Moment) -> [Action] {
        if let closed = closed(states, change) { return revert(change, because: closed, at: now) }
        let wanted = wanted(states, change)
        if let ill = Self.ill(wanted) {
            guard change.isReadmitOver(at: now) else { return lookAgain(change) }
            return revert(change, because: Failure(.trafficFailed, ill), at: now)
        }
        let drained = wanted.filter { $0.admission == .drain }.map(\.server)
        guard drained.isEmpty else { return perform(.directTraffic(TrafficOrder(.ready, drained))) }
        forget(change.diversion?.servers ?? [])
        return leave(change, at: now)
    }

    /// What a person has in maintenance of the new instance, where the old one has traffic: without either, nobody had it.
    private func closed(_ states: [TrafficState], _ change: Change) -> Failure? {
        guard let closed = wanted(states, change).first(where: { $0.admission == .maintenance }) else { return nil }
        let message =
            "\(closed.server) is in maintenance, and shall get the traffic of the old instance; set it to 'drain', or the "
            + "old one to maintenance, too"
        return Failure(.trafficFailed, message)
    }

    /// The new instance where the old one has traffic.
    private func wanted(_ states: [TrafficState], _ change: Change) -> [TrafficState] {
        guard let diversion = change.diversion else { return [] }
        let open = Set(states.filter { $0.admission == .ready }.map(\.server))
        let wanted = zip(diversion.servers, diversion.old ?? []).filter { open.contains($0.1) }.map(\.0)
        return states.filter { wanted.contains($0.server) }
    }

    /// Forgets idle servers that load balancers are not asked about any more.
    mutating func forgetIdle(besides diversion: Diversion?) {
        let known = (diversion?.all ?? []) + takenOut(of: standing)
        forget((takenOut ?? []).filter { !known.contains($0) })
    }
}

extension Change {
    /// Whether both releases run for a while.
    var isBeside: Bool { passage == .beside }

    /// The steps where the new release comes up beside the old one.
    var besideRoute: [Step] {
        var steps: [Step] = [.arming]
        if diversion != nil { steps.append(.surveying) }
        if HookRun(hiding: target) != nil { steps.append(.hiding) }
        if diversion != nil { steps.append(.closing) }
        steps += [.switching, .starting] + warmUp + [.checking, .undraining]
        if diversion != nil { steps += [.readmitting, .diverting] }
        if HookRun(.drain, of: predecessor) != nil { steps.append(.draining) }
        if HookRun(.idle, of: predecessor) != nil { steps.append(.idling) }
        return steps + [.stopping, .unlinking, .rearming, .awaitingCommit]
    }

    /// Whether its target runs in another instance than its predecessor.
    var movesInstance: Bool {
        target.instance != nil && predecessor?.instance != nil && target.instance != predecessor?.instance
    }

    /// Whether a drain hook of the old instance may have run after another had its traffic.
    var hasDrainedInstance: Bool {
        guard movesInstance else { return false }
        switch step {
        case .draining, .idling, .stopping, .unlinking, .rearming, .awaitingCommit, .guarding, .judging, .kept:
            return true
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .restoring, .switching, .trying,
            .starting, .reloading, .answering, .warming, .checking, .undraining, .readmitting:
            return false
        }
    }

    /// Whether its predecessor may have stopped: going back, it is started anew.
    var hasStoppedPredecessor: Bool {
        guard isBeside else { return true }
        switch step {
        case .stopping, .unlinking, .rearming, .awaitingCommit, .guarding, .judging, .kept: return true
        case .arming, .probing, .surveying, .hiding, .closing, .diverting, .draining, .idling, .restoring, .switching,
            .trying, .starting, .reloading, .answering, .warming, .checking, .undraining, .readmitting:
            return false
        }
    }

    /// Which of both releases of a change `link` is; on a restart, which is of one release, the one that counts now.
    func deployment(of link: ReleaseID, isGoingBack: Bool) -> Deployment? {
        if target.id == link, predecessor?.id != link || !isGoingBack && hasSwitched { return target }
        return predecessor?.id == link ? predecessor : nil
    }

    /// Whether `current` names the target.
    private var hasSwitched: Bool {
        let route = route
        guard let now = route.firstIndex(of: step), let turn = route.firstIndex(of: .switching) else { return false }
        return now > turn
    }
}

extension Reversal {
    /// The steps of taking back a release that came up beside the old one, which may still have all its traffic.
    static let besideRoute: [Step] = [
        .arming, .switching, .starting, .checking, .warming, .undraining, .readmitting, .diverting, .draining, .idling,
        .stopping, .unlinking,
    ]

    static let routeAfterBoot: [Step] = [
        .arming, .stopping, .switching, .starting, .checking, .warming, .undraining, .readmitting, .diverting,
    ]
}
