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
    case committed
    case reverting
    case reverted
    /// Neither the new nor the old release could be brought up; somebody must look.
    case stuck

    /// Whether the service may be out of service because of this change.
    package var isInFlight: Bool {
        switch self {
        case .draining, .switching, .starting, .checking, .awaitingCommit, .reverting: true
        case .idle, .preparing, .prepared, .committed, .reverted, .stuck: false
        }
    }
}
