import Model

extension RolloutMachine {
    /// What became of the rollout, as `outcome`.
    func summary(_ outcome: Outcome) -> RolloutSummary {
        let capacity = SummaryCapacity(
            total: plan.capacity.total,
            floor: lowered(plan.capacity.floor),
            atStart: state.capacityAtStart,
            lowest: state.lowestCapacity ?? sums.inService
        )
        let evidence = evidence(outcome)
        return RolloutSummary(
            outcome: outcome,
            headline: headline(outcome),
            advice: advice(outcome),
            hosts: state.hosts.indices.map(result),
            capacity: capacity,
            took: state.now - state.startedAt,
            against: evidence.isEmpty ? nil : evidence,
            gates: gateResults
        )
    }

    func result(_ host: Int) -> HostResult {
        let found = state.hosts[host]
        var took: TimeSpan?
        if let startedAt = found.startedAt { took = (found.endedAt ?? state.now) - startedAt }
        return HostResult(
            host: plan.hosts[host].id,
            result: kind(found),
            release: found.facts.current,
            failure: found.failure,
            took: took,
            lostFor: found.lostAt.map { state.now - $0 }
        )
    }

    private func kind(_ host: HostState) -> HostResult.Kind {
        switch host.step {
        case .done: host.failure == nil ? .updated : host.isUnreachable ? .unreachable : .sick
        case .settled: .alreadyThere
        case .back: .wentBack
        case .failed, .unprepared: .failed
        case .stuck: .stuck
        case .missing, .moving: .unknown
        case .skipped: host.before == nil ? .skipped : .unknown
        case .idle, .claiming, .preparing, .ready: isAbsent(host) ? .unreachable : .untouched
        }
    }

    private func headline(_ outcome: Outcome) -> String {
        let release = "\(plan.service) \(plan.target)"
        let updated = state.hosts.count { $0.step == .done || $0.step == .settled }
        let share =
            plan.kind == .remove
            ? "\(updated) of \(state.hosts.count) hosts run \(plan.service) no more"
            : "\(updated) of \(state.hosts.count) hosts run \(release)"
        switch outcome {
        case .succeeded:
            let isUntouched = state.hosts.allSatisfy { $0.step == .settled }
            guard isUntouched else { return "\(share), read back" }
            return plan.kind == .remove
                ? "nothing to do: no host runs \(plan.service)" : "nothing to do: all hosts run \(release)"
        case .incomplete: return "\(share); \(mixture(besides: [.updated, .alreadyThere]))"
        case .rolledBack: return "rolled back: \(state.verdict ?? "")\(remaining)\(leftovers)"
        case .paused: return state.pause?.message ?? "paused"
        case .aborted: return "aborted: \(state.verdict ?? ""); \(share)\(leftovers)"
        case .failed: return "failed: \(state.verdict ?? "")\(remaining)\(leftovers)"
        case .refused: return "refused: \(state.verdict ?? "")"
        }
    }

    /// The hosts that could not be taken back, or had nothing to go back to.
    private var remaining: String {
        let hosts = state.hosts.indices.filter { state.hosts[$0].step == .done }
        return hosts.isEmpty ? "" : "; still on \(plan.target): \(names(hosts))"
    }

    /// The hosts that may run either release, or neither.
    private var leftovers: String {
        let text = mixture(besides: [.updated, .alreadyThere, .wentBack, .failed, .untouched, .unreachable, .skipped])
        return text.isEmpty ? "" : "; \(text)"
    }

    private func mixture(besides known: [HostResult.Kind]) -> String {
        let others = HostResult.Kind.allCases.filter { !known.contains($0) }
        let parts = others.compactMap { kind -> String? in
            let hosts = state.hosts.indices.filter { self.kind(state.hosts[$0]) == kind }
            return hosts.isEmpty ? nil : "\(kind.words): \(names(hosts))"
        }
        let left = known.contains(.skipped) || plan.skipped.isEmpty ? [] : plan.skipped.map(\.id.text)
        return (parts + (left.isEmpty ? [] : ["left out by plan: \(left.joined(separator: ", "))"]))
            .joined(separator: "; ")
    }

    private func advice(_ outcome: Outcome) -> String? {
        let place = "\(plan.service) --env \(plan.environment)"
        if plan.kind == .remove, outcome == .incomplete || outcome == .aborted {
            return "`fleet remove \(place)` takes the service off the others, too"
        }
        return switch outcome {
        case .succeeded: nil
        case .paused: state.pause?.advice
        case .incomplete: adviceIfIncomplete(place)
        case .aborted: "`fleet rollout \(place)` finishes it, `fleet rollback \(place)` takes it back"
        case .rolledBack: "`fleet why \(id.label)` shows the evidence"
        case .failed: "`fleet status \(place)`, then look at the hosts named above"
        case .refused: "`fleet why \(id.label)` shows who and what"
        }
    }
}

extension RolloutMachine {
    /// What was approved counts for the hosts that the plan names, and for no other.
    private func adviceIfIncomplete(_ place: String) -> String? {
        let kinds = state.hosts.map(kind)
        if kinds.contains(where: { $0 == .failed || $0 == .sick || $0 == .stuck }) {
            return "`fleet why \(id.label)` shows what failed; look at those hosts first"
        }
        if kinds.contains(where: { $0 == .unknown || $0 == .unreachable || $0 == .untouched }) {
            let approved = (plan.catchUp?.rollout ?? (needsApproval ? id : nil)).map { " \($0.label)" }
            let count = approved == nil ? "" : ": what was approved counts for them, too"
            let command = "fleet catch-up\(approved ?? " --service \(plan.service) --env \(plan.environment)")"
            return "bring the other hosts back, then `\(command)`\(count)"
        }
        let anew = needsApproval || plan.catchUp != nil ? ", which asks for approval anew" : ""
        return "`fleet rollout \(place)` without --skip brings the hosts that were left out\(anew)"
    }

    /// Whether it is for hosts that were away, so that others have proved the release and nobody looks on.
    var isForReturned: Bool { plan.catchUp != nil || plan.returned != nil }
}

extension HostResult.Kind {
    /// As people read it.
    package var words: String {
        switch self {
        case .updated: "updated"
        case .alreadyThere: "there already"
        case .untouched: "untouched"
        case .wentBack: "went back"
        case .failed: "failed"
        case .sick: "ill on the new release"
        case .unknown: "unknown, lost and may run either release"
        case .stuck: "stuck"
        case .unreachable: "not reached"
        case .skipped: "skipped"
        }
    }
}
