internal import Model
internal import Trust

/// The plans that were shown to people lately: only to one of these can anybody have said yes.
actor Proposals {
    /// More than people have in front of them at once; the oldest goes first.
    private static let most = 64

    private var plans: [(digest: Digest, plan: Plan)] = []

    func add(_ plan: Plan) throws {
        let digest = try plan.digest()
        plans.removeAll { $0.digest == digest }
        plans.append((digest, plan))
        if plans.count > Self.most { plans.removeFirst() }
    }

    /// - Throws: `CoordinatorError` for a plan that was never shown here, or too long ago.
    func take(_ digest: Digest) throws(CoordinatorError) -> Plan {
        guard let index = plans.firstIndex(where: { $0.digest == digest }) else {
            throw CoordinatorError(
                .planUnknown,
                "the plan sha256:\(digest) is not known here (any more); ask for it again and say yes to that one"
            )
        }
        return plans.remove(at: index).plan
    }
}
