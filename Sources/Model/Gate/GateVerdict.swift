/// The answer to a gate's question, with what it rests on.
package struct GateVerdict: Hashable, Codable, Sendable {
    package var answer: Answer
    /// One sentence: what was found, and what was expected.
    package var evidence: String
    /// The numbers that it rests on, and what a command said.
    package var details: [String]

    /// What a rollout keeps of one answer.
    private static let longestEvidence = 400
    private static let mostDetails = 12

    package init(_ answer: Answer, _ evidence: String, details: [String] = []) {
        self.answer = answer
        self.evidence = Self.line(evidence)
        self.details = details.suffix(Self.mostDetails).map(Self.line)
    }

    package enum Answer: String, Codable, Sendable, CaseIterable {
        case pass
        case fail
        /// Not known: an error, too little data, or no answer. Never a pass.
        case inconclusive

        /// As people read it.
        package var words: String {
            switch self {
            case .pass: "passed"
            case .fail: "failed"
            case .inconclusive: "inconclusive"
            }
        }
    }

    /// What others have said, fit for a terminal and of bounded length.
    private static func line(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(longestEvidence).map { scalar in
            scalar.isUnseen ? " " : Character(scalar)
        }
        return String(shown)
    }
}
