package import Model

/// What the host's own configuration says about how it handles a service.
package struct ServiceSettings: Hashable, Codable, Sendable {
    /// Releases kept on disk, the pinned ones counted.
    package var keep: Int
    /// Time without a word from its holder after which a claim lapses; in boot time.
    package var claimLease: TimeSpan
    /// Bound of a local apply or rollback, from drain to healthy.
    package var localActivateWithin: TimeSpan
    /// How often a revert is tried before the service counts as stuck.
    package var revertAttempts: Int
    /// Set for the agent's own service, where a process may decide about it.
    package var own: Standpoint?

    package init(
        keep: Int = 5,
        claimLease: TimeSpan = .minutes(30),
        localActivateWithin: TimeSpan = .minutes(10),
        revertAttempts: Int = 3,
        own: Standpoint? = nil
    ) {
        self.keep = keep
        self.claimLease = claimLease
        self.localActivateWithin = localActivateWithin
        self.revertAttempts = revertAttempts
        self.own = own
    }
}
