package import Model
internal import Protocol

/// Why a host was not made a member.
package enum JoinRefusal: Error, Hashable, Sendable {
    /// Nobody has made this token here.
    case unknown
    /// The token's key has not signed what was sent, or it can't be read.
    case unproven(String)
    /// What was sent was signed for another connection.
    case otherConnection
    case otherHost(asked: HostID)
    case expired(WallTime, now: WallTime)
    case revoked(WallTime)
    /// It was spent on another key.
    case used(WallTime)
    case exhausted(Int)
    case clock(there: WallTime, here: WallTime)
    /// Whom hosts are to believe was changed since the token was made.
    case trustChanged
    /// Too many refusals of one address.
    case tooMany
    /// The authority is elsewhere.
    case noAuthority

    /// Clocks that differ by more make certificates of no use; a new one is dated back by as much.
    static let largestSkew = TimeSpan.minutes(5)

    package var code: String {
        switch self {
        case .unknown: "join.unknown"
        case .unproven: "join.unproven"
        case .otherConnection: "join.other_connection"
        case .otherHost: "join.other_host"
        case .expired: "join.expired"
        case .revoked: "join.revoked"
        case .used: "join.used"
        case .exhausted: "join.exhausted"
        case .clock: "join.clock"
        case .trustChanged: "join.trust_changed"
        case .tooMany: "join.too_many"
        case .noAuthority: "join.no_authority"
        }
    }

    package var message: String {
        let another = "make another with 'fleet host token'"
        switch self {
        case .unknown: return "this coordinator knows no such token: \(another) where it serves"
        case .unproven(let finding): return "the token is not proven: \(finding)"
        case .otherConnection: return "the token was proven on another connection: is somebody in between?"
        case .otherHost(let asked): return "the token is not for \(asked): \(another) for it"
        case .expired(let until, let now): return "the token ended at \(until), here it is \(now): \(another)"
        case .revoked(let at): return "the token was revoked at \(at): \(another)"
        case .used(let at):
            return
                "the token was used at \(at) with another key: if that was not this host, somebody else has it: revoke that "
                + "certificate with 'fleet ca revoke', then \(another)"
        case .exhausted(let answers): return "the token was answered \(answers) times: \(another)"
        case .clock(let there, let here):
            return
                "the host's clock says \(there), here it is \(here): they may differ by \(Self.largestSkew); set it, then "
                + "join again with the same token"
        case .trustChanged:
            return "whom hosts are to believe has changed since the token was made: \(another)"
        case .tooMany: return "too many refusals of this address: wait ten minutes"
        case .noAuthority: return "the authority is not where this coordinator serves: nobody can join here"
        }
    }

    var problem: Problem { Problem(code: code, message: message) }
}
