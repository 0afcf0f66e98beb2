internal import HTTP
internal import Trust

/// The answer to a range query.
struct PrometheusSamples: Sendable {
    struct Series: Sendable {
        /// As PromQL writes them; empty for a scalar.
        let labels: String
        /// What is no number is no sample: nobody has measured it.
        let values: [Double]

        var name: String { labels.isEmpty ? "the series" : labels }
    }

    let series: [Series]
    /// What may be missing.
    let warnings: [String]

    init(_ response: HTTPResponse, from url: String) throws {
        let data = try PrometheusData(response, from: url)
        warnings = data.warnings
        guard data.type == "matrix" else {
            throw PrometheusData.refusal("\(url) answered with a \(data.type), and no samples over time")
        }
        series = try (data.result?.array ?? []).map { element in
            let values = try (element["values"]?.array ?? []).map { try PrometheusData.sample($0, from: url).value }
            return Series(labels: PrometheusData.labels(element["metric"]), values: values.filter { !$0.isNaN })
        }
    }
}
