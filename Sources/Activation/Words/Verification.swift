package import Model

/// What must hold before a release's archive is opened.
package struct Verification: Hashable, Codable, Sendable {
    package enum Demand: String, Codable, Sendable {
        /// Provenance, and the approvals of exactly this order.
        case provenanceAndApprovals
        /// The same for the release that was confirmed here before the present one, which may be prepared without approvals:
        /// hosts go back to it without an order.
        case approvalsUnlessWayBack
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
