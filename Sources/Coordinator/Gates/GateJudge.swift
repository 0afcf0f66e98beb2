internal import HTTP
package import Model

/// Judges gates by asking the world: other services, and programs of the operators.
package struct GateJudge: GateJudging {
    /// Where relative paths of commands begin.
    private let directory: String

    package init(directory: String) { self.directory = directory }

    package func judge(_ gate: Gate, of subject: GateSubject) async -> GateVerdict {
        let timeout = gate.timeout
        return switch gate.question {
        case .http(let question): await HTTPGateJudge(question, timeout: timeout).judge()
        case .prometheus(let question): await PrometheusGateJudge(question, timeout: timeout).judge(subject)
        case .comparison(let question): await ComparisonGateJudge(question, timeout: timeout).judge(subject)
        case .alertmanager(let question): await AlertmanagerGateJudge(question, timeout: timeout).judge(subject)
        case .systemd(let question): await SystemdGateJudge(question).judge(subject)
        case .service(let question): await judge(question, within: timeout, of: subject)
        case .command(let words): await CommandGateJudge(words, in: directory, gate).judge(subject)
        case .person: GateVerdict(.inconclusive, "only a person can tell")
        }
    }

    /// All gates of another service at the same time, within the time of the one that names them.
    private func judge(
        _ question: ServiceGate,
        within timeout: TimeSpan,
        of subject: GateSubject
    ) async -> GateVerdict {
        guard let resolved = question.resolved else {
            return GateVerdict(.inconclusive, "the plan does not say what is asked about \(question.service)")
        }
        let subject = subject.about(question.service, resolved.hosts)
        let verdicts = await withTaskGroup { group in
            for (index, gate) in resolved.gates.enumerated() {
                var gate = gate
                gate.timeout = timeout
                group.addTask { [gate] in (index, await judge(gate, of: subject)) }
            }
            return await group.reduce(into: [Int: GateVerdict]()) { $0[$1.0] = $1.1 }
        }
        let found = resolved.gates.indices.compactMap { index in
            verdicts[index].map { (resolved.gates[index].name, $0) }
        }
        func line(_ gate: GateName, _ verdict: GateVerdict) -> String {
            "gate \(gate) of \(question.service) \(verdict.answer.words): \(verdict.evidence)"
        }
        let details = found.map(line) + found.flatMap(\.1.details)
        for answer in [GateVerdict.Answer.fail, .inconclusive] {
            guard let (name, verdict) = found.first(where: { $0.1.answer == answer }) else { continue }
            return GateVerdict(answer, line(name, verdict), details: details)
        }
        let names = found.map(\.0.text).joined(separator: ", ")
        return GateVerdict(.pass, "gates \(names) of \(question.service) passed", details: details)
    }
}
