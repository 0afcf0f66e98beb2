/// Everything a host needs to verify a release for itself, as the exact bytes that were signed.
package struct PrepareOrder: Hashable, Codable, Sendable {
    /// Canonical JSON of an `Order`.
    package var order: [UInt8]
    /// Canonical JSON of a `Release`.
    package var release: [UInt8]
    /// DSSE envelopes that speak of the artifact.
    package var provenance: [[UInt8]]
    /// SSHSIG signatures on `order`.
    package var approvals: [[UInt8]]
    /// What `agent` may do with a unit of the same name that is not ours.
    package var adoptsForeignUnit: AdoptionPolicy
    /// The order is for a host that was away while its rollout ran: `catch_up_until` counts, not `start_by`.
    package var isCatchUp: Bool

    package init(
        order: [UInt8],
        release: [UInt8],
        provenance: [[UInt8]],
        approvals: [[UInt8]] = [],
        adoptsForeignUnit: AdoptionPolicy = .refuse,
        isCatchUp: Bool = false
    ) {
        self.order = order
        self.release = release
        self.provenance = provenance
        self.approvals = approvals
        self.adoptsForeignUnit = adoptsForeignUnit
        self.isCatchUp = isCatchUp
    }
}
