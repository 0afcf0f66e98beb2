import Model
import Rollout

/// What a rollout says of itself at its end.
extension RolloutOracle {
    /// The end must be true: what the summary says of a host is what the host runs.
    mutating func conclude(_ summary: RolloutSummary, _ truth: [SimulatedHost], of rollout: RolloutID) {
        for (index, result) in summary.hosts.enumerated() where !truth[index].isChanging {
            let current = truth[index].disk.current
            var isOurs = false
            switch truth[index].facts.operation?.origin {
            // One that ran the target before, ill, goes back to just that.
            case .rollout(let id):
                isOurs = id.rollout == rollout && truth[index].facts.operation?.predecessor != plan.target
            // What a person on the host did after its turn was over is nothing that the rollout knows.
            case .local: continue
            case nil: break
            }
            switch result.result {
            case .updated where plan.kind == .remove, .alreadyThere where plan.kind == .remove:
                if current != nil { violate(3, "h\(index) is said to be rid of the service, and has it") }
            case .updated, .alreadyThere:
                if current != plan.target { violate(3, "h\(index) is said to be updated and is not") }
                if isOurs, truth[index].facts.operation?.phase.isUncommitted == true {
                    violate(3, "h\(index) is said to be updated, and has no commit")
                }
            case .wentBack, .untouched:
                if current == plan.target, isOurs { violate(3, "h\(index) is said to be back and is not") }
            case .failed, .sick, .unknown, .stuck, .unreachable, .skipped: break
            }
        }
        if summary.outcome == .rolledBack, isStopped { violate(6, "abort ended as a rollback") }
        let complete: [HostResult.Kind] = [.updated, .alreadyThere]
        if summary.outcome == .succeeded, !summary.hosts.allSatisfy({ complete.contains($0.result) }) {
            violate(3, "succeeded without every host")
        }
    }
}
