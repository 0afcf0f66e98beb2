package import Model

/// An agent's answer to a person on its host.
package enum LocalReply: Hashable, Codable, Sendable {
    case status(HostReport)
    case history([HistoryEntry])
    /// Of `apply`, `rollback` and `unhold`.
    case ended(HostReply)
    /// Of `verify`: the release and how its tree differs, one sentence each.
    case verified(ReleaseID, differences: [String])
    case failed(Failure)
}
