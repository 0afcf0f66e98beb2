internal import Model

/// Looks at the units of the stage's hosts, by what their agents have reported last.
struct SystemdGateJudge {
    private let gate: SystemdGate

    init(_ gate: SystemdGate) { self.gate = gate }

    func judge(_ subject: GateSubject) -> GateVerdict {
        let findings = subject.hosts.map { look(at: $0, subject.reports[$0]) }
        let details = findings.map(\.line)
        guard let first = findings.first else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        if let bad = findings.first(where: { $0.answer == .fail }) {
            return GateVerdict(.fail, "\(bad.line); expected \(demand)", details: details)
        }
        if let unknown = findings.first(where: { $0.answer == .inconclusive }) {
            return GateVerdict(.inconclusive, unknown.line, details: details)
        }
        let shown = findings.count == 1 ? first.line : "the units of \(findings.count) hosts are well"
        return GateVerdict(.pass, "\(shown); expected \(demand)", details: details)
    }

    private var demand: String { "active, result success, at most \(gate.maxRestarts) restarts" }

    private struct Finding {
        let answer: GateVerdict.Answer
        let line: String
    }

    private func look(at host: HostID, _ report: ServiceReport?) -> Finding {
        guard let report else { return Finding(answer: .inconclusive, line: "\(host) has not reported") }
        guard let unit = report.unit else { return Finding(answer: .inconclusive, line: "\(host) reports no unit") }
        let line = "\(unit.unit) on \(host) is \(unit.active), result \(unit.result), \(unit.restarts) restarts"
        let isWell = unit.active == "active" && unit.result == "success" && unit.restarts <= gate.maxRestarts
        return Finding(answer: isWell ? .pass : .fail, line: line)
    }
}
