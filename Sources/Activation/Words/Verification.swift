package import Model

/// What must hold before a release's archive is opened.
package struct Verification: Hashable, Codable, Sendable {
    package enum Demand: String, Codable, Sendable {
        /// Provenance, and the approvals of exactly this order.
        case provenanceAndApprovals
        /// Provenance alone: a person on the host itself answers for it.
        case provenance
    }

    package let id: ReleaseID
    package let release: Release
    package let material: PrepareOrder
    package let demand: Demand

    package init(id: ReleaseID, release: Release, material: PrepareOrder, demand: Demand) {
        self.id = id
        self.release = release
        self.material = material
        self.demand = demand
    }
}
