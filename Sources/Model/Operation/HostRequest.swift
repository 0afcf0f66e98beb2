/// What a coordinator asks of one host for one service, within a claim.
package enum HostRequest: Hashable, Codable, Sendable {
    /// Tells the highest epoch seen and who holds the service; changes nothing.
    case inspectClaim
    /// Takes the claim; its epoch must be above every epoch that the host has seen, or the same claim again.
    case claim(Claim)
    /// Gives the claim back; the end of a rollout.
    case releaseClaim
    /// Verifies and unpacks a release whose artifact the host has; never touches the running service.
    case prepare(PrepareOrder)
    /// Runs the migration of a prepared release once, and answers when it has ended.
    case migrate(release: Digest)
    /// Switches to a prepared or earlier release, starts it and proves that it works; ends in `awaitingCommit`.
    case activate(ActivateOrder)
    /// The coordinator's word that the release stays.
    case commit(release: Digest)
    /// Takes an uncommitted release back.
    case revert(release: Digest, reason: String)
    /// Takes the service off the host: it stops, and its units, links and releases go. What runs must be this release.
    case remove(release: Digest, reason: String)
    /// Forgets a prepared release that will not be activated.
    case discard(release: Digest)
    /// The rollout of this release succeeded in its environment.
    case confirm(release: Digest)
}
