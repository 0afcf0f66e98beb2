package import Model
internal import Rollout
internal import Trust

/// What waits for people, and what they say to it; for whoever has the ledger.
///
/// A word is left in the ledger, where the process that runs the rollout takes it. Signatures are looked at here only so
/// that a mistake is seen at once: hosts decide for themselves.
package struct ApprovalDesk: Sendable {
    private let ledger: Ledger
    private let layout: WorkspaceLayout

    package init(ledger: Ledger, layout: WorkspaceLayout) {
        self.ledger = ledger
        self.layout = layout
    }

    /// Everything that waits for approval, newest first.
    package func pending() async throws -> [ApprovalRequest] {
        var requests: [ApprovalRequest] = []
        for rollout in try await ledger.unfinishedRollouts() {
            if let request = try await request(of: rollout) { requests.append(request) }
        }
        return requests
    }

    /// What that rollout waits for.
    ///
    /// - Throws: `CoordinatorError` when it waits for nobody's approval.
    package func pending(_ rollout: StoredRollout) async throws -> ApprovalRequest {
        if let request = try await request(of: rollout) { return request }
        throw CoordinatorError(
            .approval,
            "\(rollout.id.label) waits for no approval now; 'fleet approvals' lists what does, 'fleet status' where it stands"
        )
    }

    private func request(of rollout: StoredRollout) async throws -> ApprovalRequest? {
        guard !rollout.isFinished else { return nil }
        let state = try await ledger.state(of: rollout)
        let view = RolloutMachine(id: rollout.id, plan: rollout.plan, state: state).view
        guard let approval = view.approval, approval.isAwaited, let digest = approval.order, let until = approval.until,
            let order = try await ledger.order(digest, of: rollout.id)
        else { return nil }
        return ApprovalRequest(
            rollout: rollout.id,
            plan: rollout.plan,
            order: order,
            people: approval.people,
            until: until,
            previousSource: try await source(of: rollout.plan.previous, in: rollout.plan)
        )
    }

    private func source(of release: ReleaseID?, in plan: Plan) async throws -> SourceRevision? {
        try await ledger.confirmed(plan.service, plan.environment).first { $0.id == release }?.release.source
    }

    /// What somebody's signature on the present order is.
    ///
    /// `signature` is what `ssh-keygen -Y sign` wrote; `person` counts where the workspace has no list of approvers.
    ///
    /// - Throws: `CoordinatorError` when the signature is not one on this order, or not of somebody who may approve.
    package func approval(
        of rollout: StoredRollout,
        signature: [UInt8],
        by person: String,
        at now: WallTime
    ) async throws -> Approval { try approval(signature, of: try await pending(rollout), by: person, at: now) }

    /// The name under which somebody has approved, which may be longer than the one in their certificate.
    ///
    /// - Throws: `CoordinatorError` when they have not.
    package func approver(_ person: String, of rollout: StoredRollout) async throws -> String {
        let people = try await pending(rollout).people
        if let found = people.first(where: { PersonalName.isSame($0, person) }) { return found }
        throw CoordinatorError(
            .approval,
            "\(person) has not approved \(rollout.id.label)"
                + (people.isEmpty ? ", nor has anybody" : "; these have: \(people.joined(separator: ", "))")
        )
    }

    private func approval(
        _ armored: [UInt8],
        of request: ApprovalRequest,
        by person: String,
        at now: WallTime
    ) throws(CoordinatorError) -> Approval {
        do {
            let signature = try SSHSignature(armored: armored)
            let isBreakGlass = signature.namespace == BreakGlassPolicy.namespace
            let namespace = isBreakGlass ? BreakGlassPolicy.namespace : ApprovalPolicy.namespace
            let list = isBreakGlass ? layout.breakGlass : layout.approvers
            guard try signature.isValid(on: request.order), signature.namespace == namespace else {
                throw CoordinatorError(
                    .approval,
                    "the signature is not one on the order of \(request.rollout.label) for '\(namespace)': was the order "
                        + "written anew meanwhile? 'fleet approve \(request.rollout.label)' shows the present one"
                )
            }
            var signer = person
            if SmallFile.exists(list) {
                signer = try signature.signer(
                    of: request.order,
                    for: namespace,
                    among: try AllowedSigners.load(path: list),
                    at: now,
                    name: "the signature"
                )
            }
            return Approval(
                order: request.digest,
                person: signer,
                signature: armored,
                kind: isBreakGlass ? .breakGlass : .ordinary
            )
        } catch let error as CoordinatorError {
            throw error
        } catch {
            throw CoordinatorError(.approval, "this approval would count nowhere: \(error)")
        }
    }
}
