internal import HTTP
internal import Model

/// Where Prometheus is asked (https://prometheus.io/docs/prometheus/latest/querying/api/).
struct PrometheusServer: Sendable {
    private let root: String
    private let timeout: TimeSpan

    /// Far beyond what a query answers that is meant to be compared with a number.
    private static let largest = 4 << 20

    init(_ base: String, timeout: TimeSpan) {
        root = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.timeout = timeout
    }

    /// What a query answers now.
    ///
    /// - Throws: `HTTPError`, or `CoordinatorError` when the answer is none.
    func answer(to query: String) async throws -> PrometheusAnswer {
        let (response, url) = try await ask("query", [("query", query)])
        return try PrometheusAnswer(response, from: url)
    }

    /// What a query has answered up to now, by our clock.
    ///
    /// - Throws: `HTTPError`, or `CoordinatorError` when the answer is none.
    func samples(of query: String, _ range: QueryRange) async throws -> PrometheusSamples {
        let now = CoordinatorClock().wall.milliseconds
        let fields = [
            ("query", query), ("start", Self.seconds(now - range.over.milliseconds)), ("end", Self.seconds(now)),
            ("step", Self.seconds(range.step.milliseconds)),
        ]
        let (response, url) = try await ask("query_range", fields)
        return try PrometheusSamples(response, from: url)
    }

    /// POST, because long queries do not fit into a URL everywhere.
    private func ask(_ endpoint: String, _ fields: [(String, String)]) async throws -> (HTTPResponse, url: String) {
        let url = try HTTPURL(parsing: "\(root)/api/v1/\(endpoint)")
        let body = fields.map { "\($0)=\(FormText.encoded($1))" }.joined(separator: "&")
        let request = HTTPRequest(
            .post,
            url,
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(body.utf8),
            timeout: timeout.duration,
            maximumBody: Self.largest
        )
        return (try await HTTPClient.forGates(url).send(request), "\(url)")
    }

    /// Milliseconds as seconds with a decimal point.
    private static func seconds(_ milliseconds: Int64) -> String {
        let rest = "\(milliseconds % 1000)"
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
