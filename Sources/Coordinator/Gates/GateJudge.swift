internal import HTTP
package import Model

/// Judges gates by asking the world: other services, and programs of the operators.
package struct GateJudge: GateJudging {
    /// Where relative paths of commands begin.
    private let directory: String

    package init(directory: String) { self.directory = directory }

    package func judge(_ gate: Gate, of subject: GateSubject) async -> GateVerdict {
        switch gate.question {
        case .http(let question): await HTTPGateJudge(question, timeout: gate.timeout).judge()
        case .prometheus(let question):
            await PrometheusGateJudge(question, timeout: gate.timeout).judge(subject)
        case .comparison(let question):
            await ComparisonGateJudge(question, timeout: gate.timeout).judge(subject)
        case .alertmanager(let question):
            await AlertmanagerGateJudge(question, timeout: gate.timeout).judge(subject)
        case .systemd(let question): SystemdGateJudge(question).judge(subject)
        case .command(let words): await CommandGateJudge(words, in: directory, gate).judge(subject)
        case .person: GateVerdict(.inconclusive, "only a person can tell")
        }
    }
}
