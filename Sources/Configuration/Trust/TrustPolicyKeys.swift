/// The keys of `policy.yml`.
enum TrustPolicyKeys: String, KeySet {
    case rules

    /// The keys of one of the `rules`.
    enum Rule: String, KeySet {
        case service
        case environment
        case builders
        case maxAge = "max_age"
        case attestations
        case approvals
    }

    /// The keys of one of a rule's `attestations`.
    enum Attestation: String, KeySet {
        case type
        case by
        case count
    }
}
