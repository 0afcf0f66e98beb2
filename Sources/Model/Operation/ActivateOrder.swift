/// The word to switch to a release that is on the host's disk.
package struct ActivateOrder: Hashable, Codable, Sendable {
    package var release: ReleaseID
    package var purpose: Purpose
    /// Bound of the way from here to `awaitingCommit`; past it the host reverts.
    package var activateWithin: TimeSpan
    /// Bound of waiting for the commit, counted from the moment the host began to wait.
    package var commitWithin: TimeSpan
    /// Nil means `revert`, as before there was a choice.
    package var onCommitMissing: CommitMissingPolicy?
    /// Nil means that what is on the disk counts as it is.
    package var drift: DriftPolicy?
    /// The load balancers that the host is taken out of on the way; nil where there are none.
    package var traffic: TrafficPolicy?

    package init(
        release: ReleaseID,
        purpose: Purpose,
        activateWithin: TimeSpan,
        commitWithin: TimeSpan,
        onCommitMissing: CommitMissingPolicy? = nil,
        drift: DriftPolicy? = nil,
        traffic: TrafficPolicy? = nil
    ) {
        self.release = release
        self.purpose = purpose
        self.activateWithin = activateWithin
        self.commitWithin = commitWithin
        self.onCommitMissing = onCommitMissing
        self.drift = drift
        self.traffic = traffic
    }
}
