internal import Model

/// Asks Prometheus the same about changed and unchanged hosts, and has a statistical test tell bad from chance.
struct ComparisonGateJudge {
    private let gate: ComparisonGate
    private let server: PrometheusServer

    init(_ gate: ComparisonGate, timeout: TimeSpan) {
        self.gate = gate
        server = PrometheusServer(gate.url, timeout: timeout)
    }

    func judge(_ subject: GateSubject) async -> GateVerdict {
        guard !subject.hosts.isEmpty else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        guard !subject.unchanged.isEmpty else {
            return GateVerdict(.inconclusive, "no unchanged host is in service to compare with")
        }
        do {
            switch gate.measure {
            case .counts(let counts): return try await judge(counts, subject)
            case .samples(let samples): return try await judge(samples, subject)
            }
        } catch {
            return GateVerdict(.inconclusive, "\(error)", details: groups(subject))
        }
    }

    private func judge(_ counts: ComparisonGate.Counts, _ subject: GateSubject) async throws -> GateVerdict {
        async let changed = self.counts(counts, subject, of: subject.hosts)
        async let unchanged = self.counts(counts, subject, of: subject.unchanged)
        let comparison = CountComparison(try await changed, try await unchanged, least: counts.min)
        return comparison.verdict(gate, details: groups(subject))
    }

    private func counts(
        _ counts: ComparisonGate.Counts,
        _ subject: GateSubject,
        of hosts: [HostID]
    ) async throws -> GroupCounts {
        async let bad = server.answer(to: subject.text(of: counts.bad, about: hosts))
        async let requests = server.answer(to: subject.text(of: counts.requests, about: hosts))
        return GroupCounts(bad: try await bad, requests: try await requests)
    }

    private func judge(_ samples: ComparisonGate.Samples, _ subject: GateSubject) async throws -> GateVerdict {
        async let changed = server.samples(of: subject.text(of: samples.query, about: subject.hosts), samples.range)
        async let unchanged = server.samples(
            of: subject.text(of: samples.query, about: subject.unchanged),
            samples.range
        )
        let comparison = SampleComparison(try await changed, try await unchanged, least: samples.range.minSamples)
        return comparison.verdict(gate, details: groups(subject))
    }

    /// Whom the numbers are about; the queries stand in the plan.
    private func groups(_ subject: GateSubject) -> [String] {
        ["changed: \(Self.names(subject.hosts))", "unchanged: \(Self.names(subject.unchanged))"]
    }

    private static func names(_ hosts: [HostID]) -> String {
        let shown = hosts.prefix(mostNames).map(\.text).joined(separator: ", ")
        return hosts.count > mostNames ? "\(shown) and \(hosts.count - mostNames) more" : shown
    }

    private static let mostNames = 8
}
