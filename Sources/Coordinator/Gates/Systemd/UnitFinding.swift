internal import Model

/// What was found of one host's unit.
struct UnitFinding: Hashable, Sendable {
    let answer: GateVerdict.Answer
    let line: String

    init(_ answer: GateVerdict.Answer, _ line: String) {
        self.answer = answer
        self.line = line
    }
}
