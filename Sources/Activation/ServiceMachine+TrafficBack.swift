import Model

/// The same on the way back, where the old release matters more than what a load balancer says.
extension ServiceMachine {
    /// Takes the new release out of traffic, if it has some.
    mutating func enterDiverting(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        guard change.isInTraffic, var diversion = change.diversion else { return leave(change, reversal, at: now) }
        diversion.until = now.boot.instant + diversion.drainWithin
        var next = change
        next.diversion = diversion
        state = .reverting(next, reversal)
        return look(at: diversion.servers)
    }

    /// Puts back what was taken out; where nothing ran before, nothing is there for traffic.
    mutating func enterReadmitting(_ change: Change, _ reversal: Reversal, at now: Moment) -> [Action] {
        let servers = takenOut(of: change.predecessor)
        guard !servers.isEmpty, change.predecessor != nil || change.revertStartup != nil else {
            return leave(change, reversal, at: now)
        }
        var next = change
        let spec = (change.predecessor ?? change.target).spec
        next.readmitBy = now.boot.instant + spec.checkDeadline
        state = .reverting(next, reversal)
        return look(at: servers)
    }

    mutating func found(
        _ states: [TrafficState],
        _ change: Change,
        _ reversal: Reversal,
        at now: Moment
    ) -> [Action] {
        switch reversal.step {
        case .diverting:
            if let order = divert(states) { return order }
            let isOver = states.allSatisfy { $0.sessions == 0 } || change.isDrainOver(at: now)
            return isOver ? leave(change, reversal, at: now) : lookAgain(change, reversal)
        case .readmitting:
            // It was so before, too, for all we know: after its time it is the load balancer's business.
            if Self.ill(states) != nil, !change.isReadmitOver(at: now) { return lookAgain(change, reversal) }
            return readmit(states) ?? leave(change, reversal, at: now)
        case .arming, .draining, .idling, .stopping, .unlinking, .switching, .starting, .reloading, .checking, .warming,
            .undraining:
            return []
        }
    }

    mutating func lookAgain(
        _ change: Change,
        _ reversal: Reversal,
        after pause: TimeSpan = Self.interval
    ) -> [Action] {
        let servers = reversal.step == .diverting ? change.diversion?.servers ?? [] : takenOut(of: change.predecessor)
        return look(at: servers, after: pause)
    }

    /// A host that nobody gives traffic is of no use, so this is not given up as long as there is time.
    mutating func failedToReadmit(
        _ change: Change,
        _ reversal: Reversal,
        _ failure: Failure,
        at now: Moment
    ) -> [Action] {
        guard change.isReadmitOver(at: now) else { return lookAgain(change, reversal, after: Self.patience) }
        return retry(change, reversal, after: failure, at: now)
    }
}

extension Reversal.Step {
    /// Whether it consists of looks at load balancers and words to them.
    var isOfTraffic: Bool { self == .diverting || self == .readmitting }
}
