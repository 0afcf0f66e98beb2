internal import Model

/// The shares of both groups, series by series.
struct CountComparison {
    private let changed: GroupCounts
    private let unchanged: GroupCounts
    private let least: Figure
    /// Labels of the series that both groups have asked for often enough.
    private let enough: [String]
    /// Of all others.
    private let thin: [String]

    private static let mostNames = 5

    init(_ changed: GroupCounts, _ unchanged: GroupCounts, least: Figure) {
        self.changed = changed
        self.unchanged = unchanged
        self.least = least
        let labels = Set(changed.requests.keys).union(unchanged.requests.keys).sorted()
        // What is no number is not enough either.
        let enough = labels.filter { label in
            [changed, unchanged].allSatisfy { $0.requests[label] ?? 0 >= least.value }
        }
        self.enough = enough
        thin = labels.filter { !enough.contains($0) }
    }

    private struct Finding {
        let labels: String
        let changed: Proportion
        let unchanged: Proportion
        let pValue: Double

        var difference: Double { changed.share - unchanged.share }

        var line: String {
            let name = labels.isEmpty ? "" : "\(labels): "
            return "\(name)\(changed) bad on changed hosts, \(unchanged) on unchanged ones, p \(pValue.shortened)"
        }
    }

    private var findings: [Finding] {
        enough.compactMap { labels in
            guard let changed = changed.proportion(labels), let unchanged = unchanged.proportion(labels) else {
                return nil
            }
            let pValue = FisherExactTest.pValue(changed, exceeds: unchanged)
            return Finding(labels: labels, changed: changed, unchanged: unchanged, pValue: pValue)
        }.sorted { ($0.pValue, $0.labels) < ($1.pValue, $1.labels) }
    }

    func verdict(_ gate: ComparisonGate, details groups: [String]) -> GateVerdict {
        let findings = findings
        let warnings = Set(changed.warnings + unchanged.warnings).sorted()
        let shown = findings.prefix(Self.mostNames).map(\.line)
        let details = groups + shown + (thin.isEmpty ? [] : ["not compared: \(tooFew)"]) + warnings.prefix(2)
        let demand = "expected at most \(gate.tolerance) more at significance \(gate.significance)"
        let significant = HolmCorrection.significant(findings.map(\.pValue), at: gate.significance.value)
        let worse = findings.indices.filter {
            significant.contains($0) && findings[$0].difference > gate.tolerance.value
        }
        if let first = worse.first {
            return GateVerdict(.fail, "\(findings[first].line); \(demand)", details: details)
        }
        let known = Set(findings.map(\.labels))
        if let missing = enough.first(where: { !known.contains($0) }) {
            let advice = "for a count that has not begun write '… or 0 * REQUESTS' in 'bad'"
            let found = "\(Self.name(missing)): 'bad' has no number between 0 and the requests; \(advice)"
            return GateVerdict(.inconclusive, found, details: details)
        }
        guard let first = findings.first else {
            return GateVerdict(.inconclusive, thin.isEmpty ? "no requests are counted" : tooFew, details: details)
        }
        if let warning = warnings.first {
            return GateVerdict(.inconclusive, "the answer may lack data: \(warning)", details: details)
        }
        let most = findings.count == 1 ? "" : "least likely by chance of \(findings.count) series: "
        return GateVerdict(.pass, "\(most)\(first.line); \(demand)", details: details)
    }

    private var tooFew: String {
        let names = thin.prefix(Self.mostNames).map { labels in
            "\(Self.name(labels)) \(Self.count(changed, labels)) and \(Self.count(unchanged, labels))"
        }
        let more = thin.count > Self.mostNames ? " and \(thin.count - Self.mostNames) more" : ""
        return
            "\(names.joined(separator: ", "))\(more) requests on changed and unchanged hosts, \(least) are needed on both"
    }

    private static func count(_ group: GroupCounts, _ labels: String) -> String {
        group.requests[labels].map(\.shortened) ?? "no"
    }

    private static func name(_ labels: String) -> String { labels.isEmpty ? "all" : labels }
}
