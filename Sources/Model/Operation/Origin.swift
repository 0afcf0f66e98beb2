/// Who asked a host to change.
package enum Origin: Hashable, Codable, Sendable, CustomStringConvertible {
    /// A rollout of some coordinator.
    case rollout(RequestID)
    /// A person on the host itself: `agent apply`, `agent rollback`.
    case local(user: String)

    package var description: String {
        switch self {
        case .rollout(let request): request.rollout.label
        case .local(let user): "local by \(user)"
        }
    }
}
