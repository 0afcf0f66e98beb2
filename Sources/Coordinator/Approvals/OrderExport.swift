internal import Model
internal import Rollout
internal import Trust

/// The order of a rollout as a file, for a host that the coordinator can't reach.
struct OrderExport: Sendable {
    let ledger: Ledger

    /// The present order of a rollout, with the signatures that it has so far; `writer` has what hosts get besides.
    ///
    /// - Throws: `CoordinatorError` where there is none, or where the rollout has gone back from its release.
    func order(of rollout: StoredRollout, _ writer: OrderWriter) async throws -> ApprovedOrder {
        let (label, plan) = (rollout.id.label, rollout.plan)
        if let earlier = plan.catchUp?.rollout.label {
            throw CoordinatorError(.approval, "\(label) runs by the order of \(earlier): export that one's")
        }
        let state = try await ledger.state(of: rollout)
        let machine = RolloutMachine(id: rollout.id, plan: plan, state: state)
        guard let digest = machine.standingOrder, let bytes = try await ledger.order(digest, of: rollout.id) else {
            throw CoordinatorError(
                .approval,
                "\(label) has no order that hosts may be brought by hand: none was to be approved, it was not asked yet, or the "
                    + "rollout has gone back from its release; see 'fleet why \(label)'"
            )
        }
        return try ApprovedOrder(
            PrepareOrder(
                order: bytes,
                release: try CanonicalJSON.encode(writer.release),
                provenance: writer.provenance,
                approvals: try await ledger.approvals(of: digest, rollout: rollout.id).map(\.signature)
            )
        )
    }
}
