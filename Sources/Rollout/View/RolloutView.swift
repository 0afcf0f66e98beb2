package import Model

/// A picture of a rollout at one moment, for the live view, `status` and `why`.
package struct RolloutView: Hashable, Codable, Sendable {
    package var rollout: RolloutID
    package var service: ServiceName
    package var environment: EnvironmentName
    package var target: ReleaseID
    package var phase: RolloutPhase
    /// What the stage is called; nil outside stages.
    package var stage: String?
    package var pause: Pause?
    package var inService: Int
    package var floor: Int
    package var total: Int
    package var lowest: Int?
    package var inFlight: Int
    package var window: Int
    package var failures: Int
    package var failureBudget: Int
    /// Nil where no approval is needed.
    package var approval: ApprovalView?
    /// The gates that were reached, with their last answers; nil where the plan has none.
    package var gates: [GateResult]?
    /// What it waits for, with the numbers.
    package var why: String
    /// In the order of the plan.
    package var hosts: [HostView]
}
