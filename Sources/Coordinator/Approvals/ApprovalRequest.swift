package import Model
internal import Trust

/// What somebody is asked to approve: the plan as it is shown, and the exact bytes that are signed.
///
/// Whoever signs calls `check` first, on the same values that are shown: a coordinator that lies could otherwise have
/// something else signed than what is read.
package struct ApprovalRequest: Hashable, Codable, Sendable {
    package let rollout: RolloutID
    package let plan: Plan
    /// Canonical JSON of an `Order`.
    package let order: [UInt8]
    /// Who has approved so far.
    package let people: [String]
    /// Approvals count until then; past it people are asked anew, about another order.
    package let until: WallTime
    /// What the release before was built from, as far as the ledger knows; shown, and no part of what is signed.
    package let previousSource: SourceRevision?

    package init(
        rollout: RolloutID,
        plan: Plan,
        order: [UInt8],
        people: [String],
        until: WallTime,
        previousSource: SourceRevision? = nil
    ) {
        self.rollout = rollout
        self.plan = plan
        self.order = order
        self.people = people
        self.until = until
        self.previousSource = previousSource
    }

    /// Distinct people who must approve.
    package var needed: Int { plan.approvals }

    /// SHA-256 of the order, by which an approval names it.
    package var digest: Digest { SHA256.digest(of: order) }

    /// The order, once it is certain that it allows nothing but the plan.
    ///
    /// - Throws: `CoordinatorError` that names the first difference; nothing may be signed then.
    package func check(at now: WallTime) throws(CoordinatorError) -> Order {
        let order: Order
        let planDigest: Digest
        let releaseDigest: Digest?
        do {
            order = try CanonicalJSON.decode(Order.self, from: self.order)
            planDigest = try plan.digest()
            releaseDigest = try plan.release?.digest()
        } catch {
            throw refusal("can't be read: \(error)")
        }
        func demand(_ isTrue: Bool, _ what: String, _ found: String, _ expected: String) throws(CoordinatorError) {
            guard !isTrue else { return }
            throw refusal("\(what): it says \(found), expected \(expected)")
        }
        let names = plan.hosts.map(\.id).sorted()
        let plans = (order.plan.short, planDigest.short)
        try demand(order.plan == planDigest, "is of another plan than the one shown", plans.0, plans.1)
        try demand(
            order.release == plan.target.digest && releaseDigest ?? order.release == order.release,
            "is for another release than the one shown",
            order.release.short,
            (releaseDigest ?? plan.target.digest).short
        )
        try demand(order.service == plan.service, "is for another service", "\(order.service)", "\(plan.service)")
        let place = "\(plan.environment)"
        try demand(order.environment == plan.environment, "is for another environment", "\(order.environment)", place)
        try demand(order.hosts == names, "names other hosts", Self.list(order.hosts), Self.list(names))
        try demand(order.rollout == rollout, "is of another rollout", "\(order.rollout)", "\(rollout)")
        try demand(order.reason == plan.reason, "gives another reason", order.reason ?? "none", plan.reason ?? "none")
        if let excess = order.excess(at: now) { throw refusal(excess) }
        guard now <= until, now <= order.startBy else {
            throw refusal("had to be approved by \(min(until, order.startBy)): look again, people are asked anew")
        }
        return order
    }

    private static func list(_ hosts: [HostID]) -> String { hosts.map(\.text).joined(separator: ", ") }

    private func refusal(_ finding: String) -> CoordinatorError {
        CoordinatorError(.approval, "the order of \(rollout.label) \(finding). Sign nothing; nothing was sent")
    }
}
