/// The identity of one request to a host; the same id is never performed twice.
package struct RequestID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let rollout: RolloutID
    package let epoch: Epoch
    /// Sequence of the ledger record that decided the request.
    package let sequence: Int64

    package init(rollout: RolloutID, epoch: Epoch, sequence: Int64) {
        self.rollout = rollout
        self.epoch = epoch
        self.sequence = sequence
    }

    package var description: String { "\(rollout)/\(epoch)/\(sequence)" }
}
