/// Why a rollout takes back what it has changed.
enum WayBackCause: String, Codable, Sendable {
    /// Hosts failed, by the rollout's own rule or when a person was asked what to do about it.
    case failures
    /// A gate, by its own rule or when a person was asked what to do about it.
    case gate
    /// A person's word, without such a reason.
    case word
}
