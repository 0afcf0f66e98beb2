/// A host's answer to a `HostCommand`; given once the request has ended, and again to each repetition of its id.
package enum HostReply: Hashable, Codable, Sendable {
    /// Answer to `inspectClaim`.
    case claimState(highest: Epoch, claim: Claim?)
    /// Answer to `claim`.
    case claimed(highest: Epoch)
    /// The claim is given back.
    case released
    /// Verified, unpacked, ready to switch.
    case prepared(ReleaseID)
    /// Its migration has ended well.
    case migrated(ReleaseID)
    /// Switched, started, checked: waits for its commit.
    case awaitingCommit(ReleaseID)
    /// Stored on the host's disk.
    case committed(ReleaseID)
    /// Back on the release before, nil when there was none; `failure` says why.
    case reverted(to: ReleaseID?, failure: Failure)
    /// Neither the new nor the old release could be brought up.
    case stuck(Failure)
    /// The prepared release is gone, or was never there.
    case discarded
    case confirmed(ReleaseID)
    /// Nothing was changed.
    case refused(Failure)
}
