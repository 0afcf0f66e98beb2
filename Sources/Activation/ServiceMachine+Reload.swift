import Model

/// Releases that a running service takes up: `current` is switched under it, and its `ExecReload=` tells it.
///
/// What it shall take up is only what systemd has not read for it already, so a change of unit files, variables or
/// credentials stops and starts it like any other service. So does everything that is not known to be in order.
extension ServiceMachine {
    /// Whether the service may go on while `change` happens.
    func mayReload(_ change: Change, to entry: CatalogEntry) -> Bool {
        guard let predecessor = change.predecessor, let startup = entry.startup else { return false }
        return change.target.spec.strategy == .reload && predecessor.spec.strategy == .reload
            && predecessor.unit == change.target.unit && self.entry(predecessor.id.digest)?.startup == startup
            && change.purpose != .restart && change.drift != .repair
            && change.condition == .sound && change.adopts == nil && !isDrained && !isDiverted
    }

    /// Looks whether the unit runs.
    mutating func probe(_ change: Change, at now: Moment) -> [Action] {
        guard let predecessor = change.predecessor else { return leave(change, at: now) }
        return perform(.check(CheckRun(release: predecessor.id, unit: predecessor.unit, checks: [], after: .zero)))
    }

    /// What does not run can't be reloaded: it is started, by way of everything that belongs to that.
    mutating func probed(_ round: CheckRound, _ change: Change, at now: Moment) -> [Action] {
        var next = change
        if let unit = round.unit, unit.isUp, !unit.invocation.isEmpty {
            next.passage = .running(invocation: unit.invocation)
            return leave(next, at: now)
        }
        next.passage = nil
        next.step = .arming
        return leave(next, at: now)
    }

    mutating func reload(_ change: Change, at now: Moment) -> [Action] {
        guard let reload = change.reload(change.target) else { return leave(change, at: now) }
        return perform(.reload(reload))
    }
}

extension Change {
    /// The word to its unit to take up what the links name; nil where it is stopped and started.
    func reload(_ deployment: Deployment?) -> Reload? {
        guard case .running(let invocation) = passage, let deployment, let unit = deployment.unit else { return nil }
        return Reload(unit: unit, invocation: invocation, timeout: deployment.spec.startTimeout)
    }

    /// The same change, once its unit must be stopped and started to get back.
    var stopped: Self {
        var change = self
        if passage != nil { change.passage = .stopped }
        return change
    }
}
