internal import HTTP
internal import Trust

/// The answer to an instant query.
struct PrometheusAnswer: Sendable {
    struct Series: Sendable, CustomStringConvertible {
        /// As PromQL writes them; empty for a scalar.
        let labels: String
        let value: Double
        /// As Prometheus wrote it.
        let text: String

        var description: String { labels.isEmpty ? text : "\(labels) \(text)" }

        /// What is no number is the least of all.
        func isLess(than other: Self) -> Bool { value.isNaN || value < other.value }
    }

    let series: [Series]
    /// What may be missing.
    let warnings: [String]

    init(_ response: HTTPResponse, from url: String) throws {
        let data = try PrometheusData(response, from: url)
        warnings = data.warnings
        switch data.type {
        case "vector":
            series = try (data.result?.array ?? []).map { element in
                let sample = try PrometheusData.sample(element["value"], from: url)
                return Series(labels: PrometheusData.labels(element["metric"]), value: sample.value, text: sample.text)
            }
        case "scalar":
            let sample = try PrometheusData.sample(data.result, from: url)
            series = [Series(labels: "", value: sample.value, text: sample.text)]
        case let type:
            throw PrometheusData.refusal(
                "\(url) answered with a \(type); write a query that gives a vector or a scalar"
            )
        }
    }
}
