package import Model
package import Rollout
package import Trust

/// Everything that an operator may ask of a coordinator, whether it runs in this process or serves a whole team.
package protocol Desk: Sendable {
    /// Whether rollouts go on when this process ends.
    var isServed: Bool { get }

    /// What a change would do: its plan. Asks no host, and changes nothing.
    ///
    /// - Throws: `PlanRefusal`, `CoordinatorError`, … when it can't be done, in words for the operator.
    func propose(_ change: Change) async throws -> Proposal

    /// Stores the rollout of a plan that was proposed here, unless the fleet has changed since.
    func open(_ plan: Digest) async throws -> StoredRollout

    /// Sees to it that a rollout runs, says `words` to it, and tells its news until it comes to rest.
    ///
    /// - Throws: `rollout.word_refused` when there were words and none of them fits now.
    func conduct(
        _ rollout: StoredRollout,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary

    /// Tells what a rollout does until it comes to rest; says nothing to it, and does not start it.
    func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary

    /// What waits for people's approval: of one rollout, or of all that have not ended.
    func approvals(of rollout: StoredRollout?) async throws -> [ApprovalRequest]

    /// Takes a signature on the order that `approvals` has shown, and answers once the rollout has taken it.
    func approve(_ rollout: StoredRollout, signature: [UInt8]) async throws -> Approval

    /// Takes the asker's own approval back.
    func withdrawApproval(of rollout: StoredRollout, because reason: String?) async throws

    /// The order of a rollout with its approvals, to be brought to a host that the coordinator can't reach.
    func exportOrder(of rollout: StoredRollout) async throws -> ApprovedOrder

    /// Rollouts of the ledger, newest first.
    func rollouts(_ query: RolloutQuery) async throws -> [StoredRollout]

    /// Where a rollout of the ledger stands.
    func view(of rollout: StoredRollout) async throws -> RolloutView

    /// What differs between two releases of a service; asks no host.
    func compare(_ comparison: ReleaseComparison) async throws -> ReleaseDifference

    /// Environments with their hosts, as fleet.yml and the inventories say.
    func environments(_ selection: Selection) async throws -> [Environment]

    /// What runs where, asked of every host.
    func status(_ selection: Selection) async throws -> [HostStatus]

    /// Calls `each` with a service's journal lines from one host, oldest first.
    func logs(_ query: HostLogQuery, _ each: @escaping @Sendable ([LogLine]) async throws -> Void) async throws

    /// Lets rollouts touch a host again, and answers for which services they could not before.
    func unhold(_ host: HostID, _ service: ServiceName?) async throws -> [ServiceName]

    /// Looks at the coordinator's files and at every host.
    func examine() async throws -> [Finding]
}
