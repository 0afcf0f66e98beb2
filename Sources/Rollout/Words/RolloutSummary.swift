package import Model

/// What became of a rollout, for people, machines and the ledger.
package struct RolloutSummary: Hashable, Codable, Sendable {
    package var outcome: Outcome
    /// One sentence: what happened and why.
    package var headline: String
    /// The next command to type; nil when there is nothing to do.
    package var advice: String?
    /// In the order of the plan.
    package var hosts: [HostResult]
    package var capacity: SummaryCapacity
    /// Time from the start; does not count the time in which no coordinator ran.
    package var took: TimeSpan
    /// What it has found against the artifact itself; nil where nothing speaks against that.
    package var against: [ArtifactEvidence]?
    /// What its gates have answered last; nil where the plan has none.
    package var gates: [GateResult]?

    package init(
        outcome: Outcome,
        headline: String,
        advice: String?,
        hosts: [HostResult],
        capacity: SummaryCapacity,
        took: TimeSpan,
        against: [ArtifactEvidence]? = nil,
        gates: [GateResult]? = nil
    ) {
        self.outcome = outcome
        self.headline = headline
        self.advice = advice
        self.hosts = hosts
        self.capacity = capacity
        self.took = took
        self.against = against
        self.gates = gates
    }
}
