package import Model

/// One attempt to have a gate judged.
package struct GateQuestion: Hashable, Codable, Sendable {
    /// Tells its answer from those to earlier questions; no two of a rollout have the same.
    package let number: Int64
    package let gate: GateName
    package let stage: Int
    /// Counts from 1, anew after each pass and each pause.
    package let attempt: Int
    /// The hosts of the stage that run the target, by their index in the plan.
    package let hosts: [Int]
    /// Hosts in service that do not run the target; empty where the gate compares nothing.
    package let unchanged: [Int]

    package init(number: Int64, gate: GateName, stage: Int, attempt: Int, hosts: [Int], unchanged: [Int] = []) {
        self.number = number
        self.gate = gate
        self.stage = stage
        self.attempt = attempt
        self.hosts = hosts
        self.unchanged = unchanged
    }
}
