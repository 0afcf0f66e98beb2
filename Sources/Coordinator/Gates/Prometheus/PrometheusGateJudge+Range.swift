internal import Model

extension PrometheusGateJudge {
    /// Every sample of every series must be within, and none may be missing.
    func verdict(_ answer: PrometheusSamples, over range: QueryRange, asked query: String) -> GateVerdict {
        let expected = "expected \(gate.bounds) \(range)"
        let shown = answer.series.prefix(Self.mostSeries).map(line)
        let details = ["query: \(query)"] + shown + answer.warnings
        guard !answer.series.isEmpty else {
            return GateVerdict(.inconclusive, "no data, \(expected)", details: details)
        }
        for series in answer.series {
            let outside = series.values.filter { !gate.bounds.contains($0) }
            guard let first = outside.first else { continue }
            let share = "\(outside.count) of \(series.values.count) samples of \(series.name), first \(first.shortened)"
            return GateVerdict(.fail, "\(share), \(expected)", details: details)
        }
        if let gap = answer.series.first(where: { $0.values.count { $0.isFinite } < range.minSamples }) {
            let found = "\(gap.name) has \(gap.values.count) samples, \(range.minSamples) are needed"
            return GateVerdict(.inconclusive, "\(found), \(expected)", details: details)
        }
        if let warning = answer.warnings.first {
            return GateVerdict(.inconclusive, "the answer may lack data: \(warning)", details: details)
        }
        let count = answer.series.count
        let found = count == 1 ? line(answer.series[0]) : "all samples of \(count) series"
        return GateVerdict(.pass, "\(found), \(expected)", details: details)
    }

    private func line(_ series: PrometheusSamples.Series) -> String {
        guard let least = series.values.min(), let most = series.values.max() else {
            return "\(series.name): no samples"
        }
        return "\(series.name): \(series.values.count) samples from \(least.shortened) to \(most.shortened)"
    }
}
