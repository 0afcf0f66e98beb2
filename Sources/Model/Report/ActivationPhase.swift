/// Where a host stands in changing one service.
package enum ActivationPhase: String, Codable, Sendable, CaseIterable {
    case idle
    case preparing
    case prepared
    case draining
    case switching
    case starting
    case checking
    case awaitingCommit
    /// Healthy, and no commit came in time: it stays all the same, as its plan says, and is not committed.
    case kept
    case committed
    case reverting
    case reverted
    /// Neither the new nor the old release could be brought up; somebody must look.
    case stuck

    /// Whether a release is up that waits for its commit, in time or late.
    package var isUncommitted: Bool { self == .awaitingCommit || self == .kept }

    /// Whether the service may be out of service because of this change.
    package var isInFlight: Bool {
        switch self {
        case .draining, .switching, .starting, .checking, .awaitingCommit, .reverting: true
        case .idle, .preparing, .prepared, .kept, .committed, .reverted, .stuck: false
        }
    }
}
