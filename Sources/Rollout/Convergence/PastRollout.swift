package import Model

/// A rollout that has ended, as far as it says where the hosts of its environment should be.
package struct PastRollout: Hashable, Sendable {
    package var id: RolloutID
    package var plan: Plan
    package var summary: RolloutSummary
    package var endedAt: WallTime
    /// What was approved for it and stands for hosts that were away; nil where there is no such order.
    package var order: Order?

    package init(id: RolloutID, plan: Plan, summary: RolloutSummary, endedAt: WallTime, order: Order? = nil) {
        self.id = id
        self.plan = plan
        self.summary = summary
        self.endedAt = endedAt
        self.order = order
    }

    /// What became of a host; nil for one that the plan does not name.
    func result(of host: HostID) -> HostResult? { summary.hosts.first { $0.host == host } }

    /// Whether a person has left the host out; what is left out for hosts that come back is no word about the others.
    func leavesOut(_ host: HostID) -> Bool {
        plan.returned == nil && plan.catchUp == nil && plan.skipped.contains { $0.id == host }
    }

    /// What a host may run, by what became of it here.
    func possibly(_ result: HostResult) -> [ReleaseID] {
        var found = result.release.map { [$0] } ?? []
        guard result.result == .unknown else { return found }
        for release in [plan.previous, plan.target].compactMap(\.self) where !found.contains(release) {
            found.append(release)
        }
        return found
    }

    /// Whether what it has left on a host may differ from what there was before.
    func mayHaveChanged(_ result: HostResult) -> Bool {
        switch summary.outcome {
        case .succeeded, .incomplete, .aborted, .failed: true
        case .rolledBack: result.result == .unknown || result.result == .stuck || result.release == plan.target
        case .paused, .refused: false
        }
    }

    /// Whether it has decided nothing about where hosts should be.
    var isVoid: Bool {
        guard plan.kind != .restart else { return true }
        return switch summary.outcome {
        case .refused, .paused, .rolledBack: true
        case .succeeded, .incomplete, .aborted, .failed: false
        }
    }
}
