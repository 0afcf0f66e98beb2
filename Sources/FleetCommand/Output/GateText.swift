import Model
import Rollout

/// What the gates of a rollout have answered, with the evidence.
struct GateText {
    private let gates: [GateResult]

    init(_ gates: [GateResult]?) { self.gates = gates ?? [] }

    var lines: [String] {
        gates.flatMap { gate -> [String] in
            let name = "  gate \(gate.gate) of stage \(gate.stage)"
            guard let verdict = gate.verdict else { return ["\(name): not answered yet"] }
            // What passed needs no proof on every screen; the ledger has it.
            let details = verdict.answer == .pass ? [] : verdict.details.map { "    | \($0)" }
            return ["\(name) \(verdict.answer.words): \(verdict.evidence)"] + details
        }
    }
}
