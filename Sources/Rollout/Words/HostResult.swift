package import Model

/// What became of one host of a plan.
package struct HostResult: Hashable, Codable, Sendable {
    package var host: HostID
    package var result: Kind
    /// What it ran when it was last heard of.
    package var release: ReleaseID?
    /// The evidence, if it failed.
    package var failure: Failure?
    /// From the order to switch until its end; nil when it was never ordered.
    package var took: TimeSpan?
    /// How long there had been no session with it at the end; nil while there was one.
    package var lostFor: TimeSpan?

    package init(
        host: HostID,
        result: Kind,
        release: ReleaseID?,
        failure: Failure? = nil,
        took: TimeSpan? = nil,
        lostFor: TimeSpan? = nil
    ) {
        self.host = host
        self.result = result
        self.release = release
        self.failure = failure
        self.took = took
        self.lostFor = lostFor
    }

    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Runs the target, commit read back.
        case updated
        /// Ran the target before.
        case alreadyThere
        /// Was not touched.
        case untouched
        /// Was changed, and runs its previous release again.
        case wentBack
        /// Failed; runs its previous release.
        case failed
        /// Runs the target, but fell ill on it.
        case sick
        /// Lost after it was changed or ordered to change: may run either.
        case unknown
        /// Runs neither: somebody must look.
        case stuck
        /// Not reached, not changed.
        case unreachable
        /// Left out on purpose while the rollout ran.
        case skipped
    }
}
