import Model

/// Hosts that can't be reached while nothing is changed yet.
extension RolloutMachine {
    var absent: [Int] { state.hosts.indices.filter { isAbsent(state.hosts[$0]) } }

    func isAbsent(_ host: HostState) -> Bool {
        guard host.step != .skipped else { return false }
        return host.isUnreachable || (host.step == .idle && !host.isConnected)
    }

    /// Hosts that are still away are nothing new to a rollout for those that were.
    var areAbsencesAccepted: Bool { state.areAbsencesAccepted || isForReturned }

    /// Waits for hosts that are away, as long as the plan says.
    mutating func waitsForAbsent() -> Bool {
        guard case .wait(let span)? = plan.offline, !areAbsencesAccepted else { return false }
        let deadline = state.startedAt + span
        guard state.now < deadline, state.hosts.contains(where: isAbsent) else { return false }
        guard state.musterBy != deadline else { return true }
        state.musterBy = deadline
        actions.append(.startTimer(.muster, deadline - state.now))
        actions.append(.announce(.awaited(hosts: absent)))
        return true
    }

    /// Does what the plan says about hosts that are away; nil if the rollout goes on, else whether it has moved.
    mutating func stopForAbsence() -> Bool? {
        guard !areAbsencesAccepted else { return nil }
        let absent = absent
        guard !absent.isEmpty else { return nil }
        switch plan.offline {
        case .fail?:
            state.verdict = "\(names(absent)) can't be reached; nothing was changed"
            giveBack(.refused)
            return true
        case .skip(let most)? where absent.count <= max(most, plan.limits.failureBudget):
            if state.phase == .mustering { actions.append(.announce(.leftOut(hosts: absent))) }
            return nil
        case .pause?, .wait?, .skip?, nil: return pause(for: absent) ? false : nil
        }
    }

    private mutating func pause(for absent: [Int]) -> Bool {
        guard absent.count > plan.limits.failureBudget else { return false }
        let message = "\(names(absent)) can't be reached; \(arithmetic)"
        let rest = max(0, sums.inService - (lightestWeight ?? 1))
        let lower =
            rest < lowered(highestFloor)
            ? "`fleet resume --floor \(rest) --reason …`" : "`fleet resume`"
        pause(Pause(.unreachable, message, advice: "\(lower) goes on without; or start anew with --skip"))
        return true
    }

    private var lightestWeight: Int? {
        plan.hosts.indices.filter { !isAbsent(state.hosts[$0]) }.map { plan.hosts[$0].weight }.min()
    }
}
