import Activation
import Model
import Rollout

/// Hosts as the coordinator can know them.
extension RolloutOracle {
    /// What the coordinator can know of a host.
    struct Seen {
        var isConnected = false
        var facts: ServiceFacts? {
            didSet {
                isWell = facts?.isWell ?? false
                isEngaged = facts?.neighbour != nil
                wasHeard = wasHeard || facts != nil
            }
        }
        /// Whether it has ever reported; what was known of it is old once it connects again.
        private(set) var wasHeard = false
        /// By its facts; asked of every host whenever one leaves.
        private(set) var isWell = false
        private(set) var isEngaged = false
        var isOut = false
        var isForward = false
        var sequence: Int64 = 0
        var prepared: Int64 = 0
        var isClaimed = false
        var isChanged = false
        var isSkipped = false
        /// Does not answer: a way back does not wait for it.
        var isGivenUp = false

        var isInService: Bool { isInOrder && !isEngaged }

        /// The service itself, whatever happens to others on the host.
        var isInOrder: Bool { isConnected && !isOut && isWell }
    }
}

extension ServiceFacts {
    /// Whether the host may count as in service, as far as it has said.
    fileprivate var isWell: Bool {
        health.isHealthy && !isDrained && current != nil && operation?.phase.isInFlight != true
    }
}
