package import Model
internal import Rollout
package import Trust

extension LocalDesk {
    package func approvals(of rollout: StoredRollout?) async throws -> [ApprovalRequest] {
        let desk = try await approvalDesk()
        return if let rollout { [try await desk.pending(rollout)] } else { try await desk.pending() }
    }

    package func approve(_ rollout: StoredRollout, signature: [UInt8]) async throws -> Approval {
        let approval = try await approvalDesk()
            .approval(of: rollout, signature: signature, by: try personName(), at: CoordinatorClock().wall)
        try await say(.approve(approval), to: rollout)
        return approval
    }

    package func withdrawApproval(of rollout: StoredRollout, because reason: String?) async throws {
        let person = try await approvalDesk().approver(try personName(), of: rollout)
        try await say(.withdrawApproval(person: person, reason: reason), to: rollout)
    }

    package func exportOrder(of rollout: StoredRollout) async throws -> ApprovedOrder {
        let writer = try await bench.planner().orders(of: rollout)
        return try await OrderExport(ledger: try await bench.ledger()).order(of: rollout, writer)
    }

    /// Says a word to whichever process runs the rollout, and waits until it has taken it.
    private func say(_ word: OperatorWord, to rollout: StoredRollout) async throws {
        let other = RolloutElsewhere(rollout.id, ledger: try await bench.ledger(), layout: bench.workspace.layout)
        guard try await !other.convey([word], by: try person()) else { return }
        let label = rollout.id.label
        throw CoordinatorError(
            .rolloutElsewhere,
            "\(label) is run by nobody now: 'fleet resume \(label)' goes on with it and waits; then approve again"
        )
    }

    private func personName() throws -> String { Author(holder: try person()).name }

    private func approvalDesk() async throws -> ApprovalDesk {
        ApprovalDesk(ledger: try await bench.ledger(), layout: bench.workspace.layout)
    }
}
