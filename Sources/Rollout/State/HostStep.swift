import Model

/// Where one host stands in a rollout.
package enum HostStep: Hashable, Codable, Sendable {
    /// Not reached, or reached and not asked anything yet.
    case idle
    /// Asked for its claim, or to take ours.
    case claiming
    case preparing
    /// Could not prepare; nothing was changed.
    case unprepared
    /// Has the release on its disk and waits for its turn.
    case ready
    /// In flight.
    case moving(Move)
    /// In flight when it was lost, for longer than the silence limit: may run either release, and holds its slot.
    case missing(Move)
    /// Runs the target; its commit was read back.
    case done
    /// Ran the target before this rollout.
    case settled
    /// Runs what it ran before this rollout, after a change that was taken back.
    case back
    /// Runs what it ran before, because the target failed on it or it refused.
    case failed
    /// Runs neither release as it should.
    case stuck
    /// Left out on an operator's word.
    case skipped
}

extension HostStep {
    /// Whether the host waits for its turn, with the release on its disk or still without.
    var mayBePrepared: Bool {
        switch self {
        case .idle, .ready: true
        case .claiming, .preparing, .unprepared, .moving, .missing, .done, .settled, .back, .failed, .stuck, .skipped:
            false
        }
    }
}
