/// The keys of `agent.yml`.
enum AgentKeys: String, KeySet {
    case fleet
    case host
    case listen
    case root
    case paths
    case tls
    case keepReleases = "keep_releases"
    case claimLease = "claim_lease"
    case limits
    case unpackTool = "unpack_tool"

    static let notInThisVersion = [
        "coordinator": "in this version agents listen and never dial out; name the address under 'listen'"
    ]

    /// The keys of `paths`.
    enum Path: String, KeySet {
        case services
        case state
        case socket
        case trust
        case units
        case credentials
    }

    /// The keys of `tls`.
    enum TLS: String, KeySet {
        case authority
        case certificate
        case key
    }

    /// The keys of `limits`.
    enum Limit: String, KeySet {
        case maxEntries = "max_entries"
        case maxBytes = "max_bytes"
        case minFreeDisk = "min_free_disk"
    }
}
