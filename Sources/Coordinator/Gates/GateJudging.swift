package import Model

/// Who judges gates for a rollout.
package protocol GateJudging: Sendable {
    /// The answer to one gate, within its timeout; what can't be known is inconclusive, and no reason to throw.
    func judge(_ gate: Gate, of subject: GateSubject) async -> GateVerdict
}
