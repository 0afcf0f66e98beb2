internal import Model

/// Asks Prometheus, and holds every series of its answer against the bounds.
struct PrometheusGateJudge {
    let gate: PrometheusGate
    private let server: PrometheusServer

    /// Series that a verdict names.
    static let mostSeries = 8

    init(_ gate: PrometheusGate, timeout: TimeSpan) {
        self.gate = gate
        server = PrometheusServer(gate.url, timeout: timeout)
    }

    func judge(_ subject: GateSubject) async -> GateVerdict {
        let queries = [gate.query, gate.requests?.query].compactMap(\.self)
        guard !subject.hosts.isEmpty || !queries.contains(where: { $0.names(.hosts) }) else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        let query = subject.text(of: gate.query)
        let requests = gate.requests.map { subject.text(of: $0.query) }
        do {
            async let measured = answer(to: query)
            if let requests, let demand = gate.requests {
                let counted = try await server.answer(to: requests)
                if let tooFew = Self.tooFew(counted, demand.min, asked: requests) {
                    _ = try? await measured  // too little was asked of the service, whatever the answer is
                    return tooFew
                }
            }
            return try await measured
        } catch {
            return GateVerdict(.inconclusive, "\(error)", details: ["query: \(query)"])
        }
    }

    /// What would be said if enough was asked of the service.
    private func answer(to query: String) async throws -> GateVerdict {
        guard let range = gate.range else { return verdict(try await server.answer(to: query), asked: query) }
        return verdict(try await server.samples(of: query, range), over: range, asked: query)
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
