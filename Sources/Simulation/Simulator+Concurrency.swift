import Model
import Rollout

/// Other services on the same hosts, and their rollouts.
extension Simulator {
    mutating func enterNeighbours() {
        for change in scenario.neighbours {
            agenda.enter(.neighbour(host: change.host), at: change.span.lowerBound)
            agenda.enter(.neighbour(host: change.host), at: change.span.upperBound)
        }
    }

    /// Begins or ends the change of another service on a host, which its agent reports.
    mutating func lookAtNeighbour(_ host: Int) {
        let isChanged = scenario.neighbours.contains { $0.host == host && $0.span.contains(now) }
        guard (hosts[host].neighbour != nil) != isChanged else { return }
        hosts[host].neighbour = isChanged ? Scenario.neighbour : nil
        note("h\(host) has \(isChanged ? "another service that is changed" : "no other service that is changed")")
        publish(host)
    }

    /// Tells a coordinator which of the rollouts that it waits for have ended, by its ledger.
    mutating func lookAtOthers(_ number: Int) {
        for other in scenario.others where other.ends <= now {
            guard coordinators[number].machine.queuedBehind.contains(where: { $0.rollout == other.id }) else {
                continue
            }
            tell(number, coordinators[number].run, .concurrentEnded(other.id, other.outcome))
        }
    }
}
