internal import Model

/// What both groups have measured over time; more is worse.
struct SampleComparison {
    private let changed: PrometheusSamples
    private let unchanged: PrometheusSamples
    /// Samples that each series must have.
    private let least: Int

    init(_ changed: PrometheusSamples, _ unchanged: PrometheusSamples, least: Int) {
        self.changed = changed
        self.unchanged = unchanged
        self.least = least
    }

    func verdict(_ gate: ComparisonGate, details: [String]) -> GateVerdict {
        for (group, name) in [(changed, "changed"), (unchanged, "unchanged")] {
            if let missing = missing(group, name) { return GateVerdict(.inconclusive, missing, details: details) }
        }
        let (values, others) = (Self.values(changed), Self.values(unchanged))
        guard let median = values.median, let usual = others.median else {
            return GateVerdict(.inconclusive, "no samples", details: details)
        }
        let pValue = MannWhitneyTest.pValue(values, exceeds: others)
        let isWorse = pValue <= gate.significance.value && median - usual > usual.magnitude * gate.tolerance.value
        let found =
            "median \(median.shortened) of \(values.count) samples of changed hosts, \(usual.shortened) of "
            + "\(others.count) of unchanged ones, p \(pValue.shortened)"
        let demand = "expected at most \(gate.tolerance) more at significance \(gate.significance)"
        return GateVerdict(isWorse ? .fail : .pass, "\(found); \(demand)", details: details)
    }

    private static func values(_ group: PrometheusSamples) -> [Double] {
        group.series.flatMap(\.values).filter(\.isFinite)
    }

    private func missing(_ group: PrometheusSamples, _ name: String) -> String? {
        let count = Self.values(group).count
        guard count >= MannWhitneyTest.leastSamples else {
            return "\(count) samples of \(name) hosts, \(MannWhitneyTest.leastSamples) are needed"
        }
        if let gap = group.series.first(where: { $0.values.count(where: \.isFinite) < least }) {
            return "\(gap.name) of \(name) hosts has \(gap.values.count) samples, \(least) are needed"
        }
        return group.warnings.first.map { "the answer may lack data: \($0)" }
    }
}
