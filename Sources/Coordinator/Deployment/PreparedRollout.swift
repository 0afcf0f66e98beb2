package import Configuration
package import Model

/// A plan with everything that is needed to carry it out.
package struct PreparedRollout: Sendable {
    package let plan: Plan
    package let orders: OrderWriter
    /// Where the agents of the plan's hosts are, in the plan's order.
    package let hosts: [Host]
    /// Whom to tell, besides those who watch.
    package let notify: NoticeTargets
    /// What the release's own file says; nil where that is not at hand, and for a rollout of the ledger.
    package var spec: ServiceSpec?
    /// What CI or git said of the release's source.
    package var source: SourceRevision? { orders.release.source }
}
