internal import Model

/// Looks at the units of the stage's hosts, by what their agents report, or answer when they are asked.
struct SystemdGateJudge {
    private let gate: SystemdGate

    init(_ gate: SystemdGate) { self.gate = gate }

    func judge(_ subject: GateSubject) async -> GateVerdict {
        guard !subject.hosts.isEmpty else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        var findings = subject.hosts.map { look(at: $0, subject.reports[$0]) }
        if gate.needsFigures {
            let figures = await FigureComparison(gate, subject)
            findings += subject.hosts.flatMap(figures.findings) + figures.missing
        }
        return verdict(findings, hosts: subject.hosts.count)
    }

    private func verdict(_ findings: [UnitFinding], hosts: Int) -> GateVerdict {
        // What speaks against the release comes first, since details are few.
        let order: [GateVerdict.Answer] = [.pass, .inconclusive, .fail]
        let details = order.flatMap { answer in findings.filter { $0.answer == answer }.map(\.line) }
        if let bad = findings.first(where: { $0.answer == .fail }) {
            return GateVerdict(.fail, "\(bad.line); expected \(gate.demand)", details: details)
        }
        if let unknown = findings.first(where: { $0.answer == .inconclusive }) {
            return GateVerdict(.inconclusive, unknown.line, details: details)
        }
        let shown = hosts == 1 ? findings.map(\.line).joined(separator: ", ") : "the units of \(hosts) hosts are well"
        return GateVerdict(.pass, "\(shown); expected \(gate.demand)", details: details)
    }

    private func look(at host: HostID, _ report: ServiceReport?) -> UnitFinding {
        guard let report else { return UnitFinding(.inconclusive, "\(host) has not reported") }
        guard let unit = report.unit else { return UnitFinding(.inconclusive, "\(host) reports no unit") }
        let line = "\(unit.unit) on \(host) is \(unit.active), result \(unit.result), \(unit.restarts) restarts"
        let isWell = unit.active == "active" && unit.result == "success" && unit.restarts <= gate.maxRestarts
        return UnitFinding(isWell ? .pass : .fail, line)
    }
}
