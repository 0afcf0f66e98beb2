package import Model

/// What became of one gate of one stage.
package struct GateResult: Hashable, Codable, Sendable {
    package var gate: GateName
    /// What the stage is called.
    package var stage: String
    /// The last answer; nil before there was one.
    package var verdict: GateVerdict?

    package init(gate: GateName, stage: String, verdict: GateVerdict?) {
        self.gate = gate
        self.stage = stage
        self.verdict = verdict
    }
}
