internal import HTTP
internal import Model

/// Asks Prometheus, and holds every series of its answer against the bounds.
struct PrometheusGateJudge {
    private let gate: PrometheusGate
    private let timeout: TimeSpan

    /// Series that a verdict names.
    private static let mostSeries = 8

    init(_ gate: PrometheusGate, timeout: TimeSpan) {
        self.gate = gate
        self.timeout = timeout
    }

    func judge(_ subject: GateSubject) async -> GateVerdict {
        let queries = [gate.query, gate.requests?.query].compactMap(\.self)
        guard !subject.hosts.isEmpty || !queries.contains(where: { $0.names(.hosts) }) else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        let (query, requests) = (text(gate.query, subject), gate.requests.map { text($0.query, subject) })
        do {
            async let measured = PrometheusAnswer(to: query, at: gate.url, timeout: timeout)
            if let requests, let demand = gate.requests {
                let counted = try await PrometheusAnswer(to: requests, at: gate.url, timeout: timeout)
                if let tooFew = Self.tooFew(counted, demand.min, asked: requests) {
                    _ = try? await measured  // too little was asked of the service, whatever the answer is
                    return tooFew
                }
            }
            return verdict(try await measured, asked: query)
        } catch {
            return GateVerdict(.inconclusive, "\(error)", details: ["query: \(query)"])
        }
    }

    private func text(_ query: QueryTemplate, _ subject: GateSubject) -> String {
        query.text { variable in
            switch variable {
            // A dot in brackets is a dot in every kind of PromQL's quotes.
            case .hosts: subject.hosts.map { $0.text.replacing(".", with: "[.]") }.joined(separator: "|")
            case .service: subject.plan.service.text
            case .environment: subject.plan.environment.text
            case .version: subject.plan.target.version.text
            }
        }
    }

    private static func tooFew(_ counted: PrometheusAnswer, _ min: Figure, asked query: String) -> GateVerdict? {
        let details = ["requests: \(query)"] + counted.series.prefix(mostSeries).map(\.description)
        guard let least = counted.series.min(by: { $0.isLess(than: $1) }) else {
            return GateVerdict(.inconclusive, "no requests are counted, \(min) are needed", details: details)
        }
        guard !(least.value >= min.value) else { return nil }
        return GateVerdict(.inconclusive, "\(least) requests, \(min) are needed", details: details)
    }

    private func verdict(_ answer: PrometheusAnswer, asked query: String) -> GateVerdict {
        let details = ["query: \(query)"] + answer.series.prefix(Self.mostSeries).map(\.description) + answer.warnings
        guard !answer.series.isEmpty else {
            return GateVerdict(.inconclusive, "no data, expected \(gate.bounds)", details: details)
        }
        let count = answer.series.count
        let outside = answer.series.filter { !$0.value.isNaN && !gate.bounds.contains($0.value) }
        if let first = outside.first {
            let share = count == 1 ? "" : "\(outside.count) of \(count) series, first "
            return GateVerdict(.fail, "\(share)\(first), expected \(gate.bounds)", details: details)
        }
        // Within bounds, but what is no finite number was measured by nobody.
        if let odd = answer.series.first(where: { !$0.value.isFinite }) {
            return GateVerdict(.inconclusive, "\(odd) is no number, expected \(gate.bounds)", details: details)
        }
        if let warning = answer.warnings.first {
            return GateVerdict(.inconclusive, "the answer may lack data: \(warning)", details: details)
        }
        let shown = count == 1 ? answer.series[0].description : "all of \(count) series"
        return GateVerdict(.pass, "\(shown), expected \(gate.bounds)", details: details)
    }
}
