import Model

/// What a request asks for, without its values.
enum RequestKind: String, Codable, Sendable {
    case inspectClaim
    case claim
    case releaseClaim
    case prepare
    case migrate
    case activate
    case commit
    case revert
    case remove
    case discard
    case confirm

    init(_ request: HostRequest) {
        self =
            switch request {
            case .inspectClaim: .inspectClaim
            case .claim: .claim
            case .releaseClaim: .releaseClaim
            case .prepare: .prepare
            case .migrate: .migrate
            case .activate: .activate
            case .commit: .commit
            case .revert: .revert
            case .remove: .remove
            case .discard: .discard
            case .confirm: .confirm
            }
    }
}
