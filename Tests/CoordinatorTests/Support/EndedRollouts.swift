import Model
import Rollout

@testable import Coordinator

extension Ledger {
    /// Ends a rollout as a test says, without running it; every host was updated unless `hosts` says otherwise.
    func end(
        _ rollout: StoredRollout,
        as outcome: Outcome,
        hosts: [HostResult]? = nil,
        against: [ArtifactEvidence]? = nil,
        at time: WallTime = RolloutFixture.now
    ) throws {
        let plan = rollout.plan
        var machine = RolloutMachine(id: rollout.id, plan: plan)
        let event = RolloutEvent(.resumed, at: Instant(milliseconds: 0))
        _ = machine.handle(event)
        let summary = RolloutSummary(
            outcome: outcome,
            headline: "a test says so",
            advice: nil,
            hosts: hosts ?? plan.hosts.map { HostResult(host: $0.id, result: .updated, release: plan.target) },
            capacity: SummaryCapacity(total: 1, floor: 0, atStart: 1, lowest: 1),
            took: .zero,
            against: against
        )
        var confirmed: ConfirmedRelease?
        if outcome == .succeeded, let release = plan.release {
            confirmed = ConfirmedRelease(
                service: plan.service,
                environment: plan.environment,
                id: plan.target,
                release: release
            )
        }
        let entry = RolloutTurn.Entry(event, by: "test")
        let turn = RolloutTurn(at: time, engine: "1", events: [entry], change: machine.takeChange())
        try store(turn, of: rollout.id, ending: RolloutEnding(summary: summary, isFinal: true, confirmed: confirmed))
    }
}
