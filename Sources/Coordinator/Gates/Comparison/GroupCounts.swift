/// What one group of hosts counted, by the labels of its series.
struct GroupCounts: Sendable {
    let bad: [String: Double]
    let requests: [String: Double]
    /// What may be missing, or be counted twice.
    let warnings: [String]

    /// Requests that have come to an end between two queries, or between two scrapes, as a share of all.
    private static let slack = 0.05

    init(bad: PrometheusAnswer, requests: PrometheusAnswer) {
        var warnings = bad.warnings + requests.warnings
        func byLabels(_ answer: PrometheusAnswer) -> [String: Double] {
            Dictionary(answer.series.map { ($0.labels, $0.value) }) { first, _ in
                warnings.append("two series have the same labels; write sum by (…) in the query")
                return first
            }
        }
        self.bad = byLabels(bad)
        self.requests = byLabels(requests)
        self.warnings = warnings
    }

    /// The share of a series; nil where a number is missing, or none that could be counted.
    ///
    /// `increase()` works with fractions, because it looks beyond the first and the last sample.
    func proportion(_ labels: String) -> Proportion? {
        guard let bad = bad[labels], let requests = requests[labels],
            let part = Self.count(bad), let all = Self.count(requests),
            bad <= requests * (1 + Self.slack) + 1
        else { return nil }
        return Proportion(part: min(part, all), all: all)
    }

    private static func count(_ value: Double) -> Int64? {
        guard value >= 0, value < 0x1p53 else { return nil }  // NaN is neither
        return Int64(value.rounded())
    }
}
