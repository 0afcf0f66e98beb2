internal import Model

/// Runs a program of the operators and takes its exit status for the answer.
struct CommandGateJudge {
    private let words: [String]
    private let gate: Gate

    /// A program with a slash in its path is one below `directory`, unless the path is absolute.
    init(_ words: [String], in directory: String, _ gate: Gate) {
        var words = words
        if let program = words.first, program.contains("/"), !program.hasPrefix("/") {
            words[0] = "\(directory)/\(program)"
        }
        self.words = words
        self.gate = gate
    }

    /// What a program says with more than this is no evidence for people.
    private static let longestOutput = 64 << 10

    func judge(_ subject: GateSubject) async -> GateVerdict {
        var command = ExternalCommand(words, timeLimit: gate.timeout.duration)
        command.variables = Self.variables(gate, subject)
        do {
            let result = try await command.run()
            let said = Self.lines(result.output) + Self.lines(Array(result.messages.utf8))
            let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
            let last = said.last.map { ": \($0)" } ?? ", and said nothing"
            let evidence = "\(name) ended with \(result.status)\(last)"
            switch result.status {
            case 0: return GateVerdict(.pass, evidence, details: said)
            case 1: return GateVerdict(.fail, evidence, details: said)
            case _: return GateVerdict(.inconclusive, evidence, details: said)
            }
        } catch {
            return GateVerdict(.inconclusive, "\(error)")
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes.suffix(longestOutput), as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    /// What the program may need to know; names are safe in any shell, because that is how they are made.
    private static func variables(_ gate: Gate, _ subject: GateSubject) -> [String: String] {
        let plan = subject.plan
        return [
            "FLEET_GATE": gate.name.text,
            "FLEET_ATTEMPT": "\(subject.attempt)",
            "FLEET_ROLLOUT": subject.rollout.label,
            "FLEET_SERVICE": subject.service.text,
            "FLEET_ENVIRONMENT": plan.environment.text,
            "FLEET_VERSION": plan.target.version.text,
            "FLEET_RELEASE": plan.target.digest.hex,
            "FLEET_PREVIOUS_VERSION": plan.previous?.version.text ?? "",
            "FLEET_STAGE": "\(subject.stage + 1)",
            "FLEET_STAGE_NAME": subject.stageName,
            "FLEET_HOSTS": subject.hosts.map(\.text).joined(separator: " "),
        ]
    }
}
