/// What a rollout holds on each host of its plan for one service.
package struct Claim: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var environment: EnvironmentName
    package var rollout: RolloutID
    package var epoch: Epoch
    /// Who holds it, as shown to whoever is refused: `alice@laptop`.
    package var holder: String
    package var since: WallTime

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        rollout: RolloutID,
        epoch: Epoch,
        holder: String,
        since: WallTime
    ) {
        self.service = service
        self.environment = environment
        self.rollout = rollout
        self.epoch = epoch
        self.holder = holder
        self.since = since
    }

    /// Whether this claim goes before `other`: by epoch, then by the ledger's UUID.
    package func outranks(_ other: Self) -> Bool {
        (epoch, rollout.ledger) > (other.epoch, other.rollout.ledger)
    }

    /// Whether `other` can't be alive any more: a ledger has one rollout of a service and environment at a time.
    package func succeeds(_ other: Self) -> Bool { rollout.succeeds(other.rollout) }
}
