package import Model

/// Where the hosts of one environment should be by what its rollouts have decided, and how those get there that are not.
package struct Convergence: Sendable {
    /// The newest first.
    private let rollouts: [PastRollout]
    private let needsApproval: Bool
    private let now: WallTime

    /// `rollouts` are all that have ended, the newest first; `approvals` is what the environment demands.
    package init(_ rollouts: [PastRollout], approvals: Int, at now: WallTime) {
        self.rollouts = rollouts
        needsApproval = approvals > 0
        self.now = now
    }

    /// What a host says of the service now.
    package enum Word: Hashable, Sendable {
        /// It gives no answer.
        case nothing
        /// Nil from a host that has never heard of the service.
        case report(ServiceReport?)
    }

    // MARK: The goal

    /// What the last rollout that decided something has left; nil where it was broken off, so that people must decide.
    package var goal: ReleaseID? { decided?.plan.target }

    /// The rollout whose release it is; its approvals count, and its text is what hosts get.
    package var source: RolloutID? { (streak.last ?? decided)?.id }

    private var decided: PastRollout? {
        guard let newest = rollouts.first(where: { !$0.isVoid }) else { return nil }
        return switch newest.summary.outcome {
        // What was removed is nowhere to be; a host that has it still is no host's business but its own.
        case .succeeded, .incomplete: newest.plan.kind == .remove ? nil : newest
        case .aborted, .failed, .rolledBack, .paused, .refused: nil
        }
    }

    /// All rollouts since the environment has its goal that brought it, the newest first.
    private var streak: [PastRollout] {
        guard let goal else { return [] }
        return Array(rollouts.filter { !$0.isVoid }.prefix { $0.plan.target == goal })
    }

    /// Whether every host was read back on the goal.
    private var isConfirmed: Bool { streak.contains { $0.summary.outcome == .succeeded } }

    /// The approvals that count for hosts that were away: those of the goal's own rollout.
    private var order: Order? { streak.compactMap(\.order).first }

    // MARK: Hosts

    /// What is amiss with a host, or nil.
    package func arrears(of host: HostID, _ word: Word) -> Arrears? {
        switch word {
        case .nothing: absent(host)
        case .report(let report): present(host, report)
        }
    }

    private func absent(_ host: HostID) -> Arrears? {
        guard let (last, result) = last(of: host) else {
            guard let goal, !leavesOut(host) else { return nil }
            return judged(Arrears(.missed, goal: goal), host)
        }
        let possibly = last.possibly(result)
        if possibly == [goal], result.result != .unreachable || isConfirmed { return nil }
        var found = Arrears(.missed, goal: goal, rollout: last.id, possibly: possibly)
        found.since = last.endedAt + (.zero - (result.lostFor ?? .zero))
        let wasChanged = result.result == .unknown || result.release == last.plan.target
        if wasChanged { found.state = .unknown }
        guard goal != nil else { return wasChanged ? found : nil }
        if result.result == .skipped || leavesOut(host) { found.state = .leftOut }
        // What a rollout that went back has left is its own way back, if it is not back already.
        return last.plan.target == goal ? judged(found, host) : found
    }

    /// A host that nobody can bring without another approval is stale, wherever it is.
    private func judged(_ found: Arrears, _ host: HostID) -> Arrears {
        guard needsApproval, found.state != .leftOut else { return found }
        var found = found
        if let order, order.hosts.contains(host) {
            found.until = order.catchUpUntil
            if now > order.catchUpUntil { found.state = .stale }
        } else if found.rollout == nil {
            found.state = .stale
        }
        return found
    }

    private func present(_ host: HostID, _ report: ServiceReport?) -> Arrears? {
        guard let goal, report?.operation?.phase.isInFlight != true, !isClaimed(report) else { return nil }
        let runs = report?.current
        let last = last(of: host)
        var found = Arrears(.behind, goal: goal, rollout: last?.0.id, possibly: runs.map { [$0.id] } ?? [])
        found.attempts = attempts(host)
        if runs?.id == goal {
            guard !isConfirmed, runs?.isConfirmed == false, last.map({ $0.1.result.isLost }) ?? true else { return nil }
            found.state = .unread
        }
        if report?.held != nil {
            found.state = .held
            return found
        }
        if lastTrial(of: host)?.isFailure == true {
            found.state = .failed
            return found
        }
        if found.state == .behind, leavesOut(host) || last?.1.result == .skipped {
            found.state = .leftOut
            return found
        }
        found.remedy = remedy(host, report)
        if needsApproval, let order, order.hosts.contains(host) { found.until = order.catchUpUntil }
        if found.remedy == nil { found.state = .stale }
        return found
    }

    private func remedy(_ host: HostID, _ report: ServiceReport?) -> Arrears.Remedy? {
        guard needsApproval else { return .deploy }
        if report?.current?.id != goal, let previous = report?.previous, previous.id == goal, previous.isConfirmed {
            return .wayBack
        }
        guard let order, order.hosts.contains(host), now <= order.catchUpUntil else { return nil }
        return .order(order.rollout)
    }

    /// Somebody else's claim is somebody else's business; one of our own past is on a host that was away at its end.
    private func isClaimed(_ report: ServiceReport?) -> Bool {
        guard let claim = report?.claim else { return false }
        return !rollouts.contains { $0.id == claim.rollout }
    }

    /// The newest rollout that had the host in its hands, and what became of it there.
    private func last(of host: HostID) -> (PastRollout, HostResult)? {
        for rollout in rollouts where rollout.plan.kind != .restart {
            if let result = rollout.result(of: host), rollout.mayHaveChanged(result) { return (rollout, result) }
        }
        return nil
    }

    /// What came of the goal on a host when it was tried there last.
    private func lastTrial(of host: HostID) -> HostResult.Kind? {
        trials.lazy.compactMap { $0.result(of: host)?.result }.first { !$0.isLost }
    }

    /// All rollouts to the goal since the environment has it, those that went back included.
    private var trials: [PastRollout] {
        guard let source, let first = rollouts.firstIndex(where: { $0.id == source }) else { return [] }
        return rollouts[...first].filter { $0.plan.target == goal && $0.plan.kind != .restart }
    }

    private func leavesOut(_ host: HostID) -> Bool {
        streak.contains { $0.leavesOut(host) } && !streak.contains { $0.result(of: host) != nil }
    }

    /// Rollouts that were begun for its sake since the environment has its goal, refused ones included.
    private func attempts(_ host: HostID) -> Int {
        guard let source else { return 0 }
        return rollouts.prefix { $0.id != source }.count { $0.plan.returned?.contains(host) == true }
    }
}

extension HostResult.Kind {
    /// Whether the host's last word about it is missing.
    fileprivate var isLost: Bool {
        switch self {
        case .unknown, .unreachable, .untouched: true
        case .updated, .alreadyThere, .wentBack, .failed, .sick, .stuck, .skipped: false
        }
    }

    /// Whether the release has shown on the host that it does not work there.
    fileprivate var isFailure: Bool {
        switch self {
        case .failed, .sick, .stuck: true
        case .updated, .alreadyThere, .untouched, .wentBack, .unknown, .unreachable, .skipped: false
        }
    }
}
