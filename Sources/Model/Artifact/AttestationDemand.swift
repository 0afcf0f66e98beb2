/// What a host's policy wants to be said of an artifact before it runs.
package struct AttestationDemand: Hashable, Sendable {
    package let kind: AttestationKind
    /// Attesters of whom any may say it; empty for every one that the host trusts.
    package let attesters: [String]
    /// Distinct keys that must say so; of reviews, distinct people.
    package let count: Int

    package init(_ kind: AttestationKind, by attesters: [String] = [], count: Int = 1) {
        self.kind = kind
        self.attesters = attesters
        self.count = count
    }
}
