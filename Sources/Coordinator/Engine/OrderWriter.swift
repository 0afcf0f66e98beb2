package import Model
internal import Trust

/// Writes the order and gathers the evidence that hosts verify for themselves.
package struct OrderWriter: Sendable {
    /// Full text of the target: the plan's own, or the ledger's for a release that was confirmed before.
    package let release: Release
    /// DSSE envelopes that vouch for the artifact.
    package let provenance: [[UInt8]]
    /// What people have approved for an earlier rollout, where hosts catch up with that.
    let standing: Standing?

    /// The exact bytes of an order, with the signatures on them.
    package struct Standing: Sendable {
        let order: [UInt8]
        let approvals: [[UInt8]]
    }

    package init(release: Release, provenance: [[UInt8]], standing: Standing? = nil) {
        self.release = release
        self.provenance = provenance
        self.standing = standing
    }

    /// Time in which a host may switch, from the last moment to accept the order.
    private static let validFor = Order.longestValidity - Order.startWithin

    /// The canonical bytes of the order, whose times begin now.
    ///
    /// Where people must approve it, their time comes before that of the hosts.
    func order(
        _ plan: Plan,
        rollout: RolloutID,
        epoch: Epoch,
        requester: String,
        at now: WallTime
    ) throws(Failure) -> (order: Order, bytes: [UInt8]) {
        let startBy = now + (plan.limits.approveWithin ?? .zero) + Order.startWithin
        do {
            let order = Order(
                plan: try plan.digest(),
                release: try release.digest(),
                service: plan.service,
                environment: plan.environment,
                hosts: plan.hosts.map(\.id),
                epoch: epoch,
                rollout: rollout,
                requester: try Self.name(of: requester),
                reason: plan.reason,
                startBy: startBy,
                validUntil: startBy + Self.validFor,
                catchUpUntil: startBy + Order.longestCatchUp
            )
            return (order, try CanonicalJSON.encode(order))
        } catch {
            throw Failure(.internalError, "the order can't be written: \(error)")
        }
    }

    /// A person's name from `alice@laptop`, of which only the machine's part may be no name.
    private static func name(of requester: String) throws(ModelError) -> OperatorName {
        if let name = OperatorName(requester) { return name }
        return try OperatorName(parsing: String(requester.prefix { $0 != "@" }))
    }

    /// The order as it travels, with the signatures of those who have approved it.
    func material(
        _ order: [UInt8],
        _ plan: Plan,
        approvals: [[UInt8]],
        epoch: Epoch,
        isCatchUp: Bool = false,
        at now: WallTime
    ) throws(Failure) -> WrittenOrder {
        do {
            let prepare = PrepareOrder(
                order: order,
                release: try CanonicalJSON.encode(release),
                provenance: provenance,
                approvals: approvals,
                adoptsForeignUnit: plan.adoption,
                isCatchUp: isCatchUp
            )
            return WrittenOrder(epoch: epoch, at: now, prepare: prepare, artifact: release.artifact)
        } catch {
            throw Failure(.internalError, "the release can't be written: \(error)")
        }
    }
}
