/// How a rollout ended, or stands while it waits for a person.
package enum Outcome: String, Codable, Sendable, CaseIterable {
    /// Every host of the plan runs the target, read back.
    case succeeded
    /// The target stays, but not on every host of the environment.
    case incomplete
    /// Every changed host that can be reached runs its previous release again.
    case rolledBack
    /// Nothing more starts until somebody says so.
    case paused
    /// Stopped by a person; what is finished stays.
    case aborted
    /// Neither the target nor the previous release could be brought to every changed host.
    case failed
    /// Nothing was changed because a rule forbids it.
    case refused

    /// As people read it.
    package var words: String {
        switch self {
        case .succeeded: "succeeded"
        case .incomplete: "incomplete"
        case .rolledBack: "rolled back"
        case .paused: "paused"
        case .aborted: "aborted"
        case .failed: "failed"
        case .refused: "refused"
        }
    }
}
