package import Model
internal import Rollout

/// What a gate is asked about.
package struct GateSubject: Sendable {
    package let rollout: RolloutID
    package let plan: Plan
    /// Index into the plan's stages.
    package let stage: Int
    /// The hosts of the stage that run the target.
    package let hosts: [HostID]
    /// Hosts in service that do not run it; empty where the gate compares nothing.
    package let unchanged: [HostID]
    /// What those of them that are connected have reported last.
    package let reports: [HostID: ServiceReport]
    /// Counts from 1.
    package let attempt: Int

    init(
        _ question: GateQuestion,
        of rollout: RolloutID,
        _ plan: Plan,
        reports: [HostID: ServiceReport] = [:]
    ) {
        self.rollout = rollout
        self.plan = plan
        stage = question.stage
        hosts = question.hosts.map { plan.hosts[$0].id }
        unchanged = question.unchanged.map { plan.hosts[$0].id }
        attempt = question.attempt
        self.reports = reports
    }

    package var stageName: String { plan.stages[stage].name }
}
