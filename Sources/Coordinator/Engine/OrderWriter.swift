package import Model
internal import Trust

/// Writes the order and gathers the evidence that hosts verify for themselves.
package struct OrderWriter: Sendable {
    /// Full text of the target: the plan's own, or the ledger's for a release that was confirmed before.
    package let release: Release
    /// DSSE envelopes that vouch for the artifact.
    package let provenance: [[UInt8]]

    package init(release: Release, provenance: [[UInt8]]) {
        self.release = release
        self.provenance = provenance
    }

    /// Time in which a host must accept the order.
    private static let startWithin = TimeSpan.minutes(15)
    /// Time in which a host may switch.
    private static let validFor = TimeSpan.hours(24)
    /// Time in which a host that was away may catch up.
    private static let catchUpWithin = TimeSpan.days(7)

    func write(
        _ plan: Plan,
        rollout: RolloutID,
        epoch: Epoch,
        at now: WallTime
    ) throws(Failure) -> WrittenOrder {
        do {
            let order = Order(
                plan: try plan.digest(),
                release: try release.digest(),
                service: plan.service,
                environment: plan.environment,
                hosts: plan.hosts.map(\.id),
                epoch: epoch,
                rollout: rollout,
                startBy: now + Self.startWithin,
                validUntil: now + Self.validFor,
                catchUpUntil: now + Self.catchUpWithin
            )
            let prepare = PrepareOrder(
                order: try CanonicalJSON.encode(order),
                release: try CanonicalJSON.encode(release),
                provenance: provenance,
                adoptsForeignUnit: plan.adoption
            )
            return WrittenOrder(epoch: epoch, at: now, prepare: prepare, artifact: release.artifact)
        } catch {
            throw Failure(.internalError, "the order can't be written: \(error)")
        }
    }
}
