package import Model
internal import Rollout

/// What a gate is asked about.
package struct GateSubject: Sendable {
    package let rollout: RolloutID
    package let plan: Plan
    /// Index into the plan's stages.
    package let stage: Int
    /// Whose hosts they are: the plan's, but where another service is asked about.
    package private(set) var service: ServiceName
    /// The hosts of the stage that run the target; of another service, all.
    package private(set) var hosts: [HostID]
    /// Hosts in service that do not run it; empty where the gate compares nothing.
    package let unchanged: [HostID]
    /// What those of them that are connected have reported last.
    package let reports: [HostID: ServiceReport]
    /// Asks the agent of a host what its unit uses now; nil for a host that is no host of the plan.
    package var figures: @Sendable (HostID) async throws -> UnitFigures? = { _ in nil }
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
        service = plan.service
        stage = question.stage
        hosts = question.hosts.map { plan.hosts[$0].id }
        unchanged = question.unchanged.map { plan.hosts[$0].id }
        attempt = question.attempt
        self.reports = reports
    }

    /// The same, asked about another service.
    func about(_ service: ServiceName, _ hosts: [HostID]) -> Self {
        var subject = self
        subject.service = service
        subject.hosts = hosts
        return subject
    }

    package var stageName: String { plan.stages[stage].name }
}
