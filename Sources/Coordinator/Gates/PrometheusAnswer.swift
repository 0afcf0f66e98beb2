internal import HTTP
internal import Model
internal import Trust

/// The answer to an instant query (https://prometheus.io/docs/prometheus/latest/querying/api/).
struct PrometheusAnswer: Sendable {
    struct Series: Sendable, CustomStringConvertible {
        /// Without the name of the metric, as PromQL writes them; empty for a scalar.
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

    /// Sends the query; POST, because long ones do not fit into a URL everywhere.
    ///
    /// - Throws: `HTTPError`, or `CoordinatorError` when the answer is none.
    init(to query: String, at base: String, timeout: TimeSpan) async throws {
        let root = base.hasSuffix("/") ? String(base.dropLast()) : base
        let url = try HTTPURL(parsing: "\(root)/api/v1/query")
        let request = HTTPRequest(
            .post,
            url,
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("query=\(Self.encoded(query))".utf8),
            timeout: timeout.duration,
            maximumBody: Self.largest
        )
        let response = try await HTTPClient.forGates(url).send(request)
        try self.init(response, from: "\(url)")
    }

    /// Far beyond what a query answers that is meant to be compared with a number.
    private static let largest = 4 << 20

    init(_ response: HTTPResponse, from url: String) throws {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: response.body)
        } catch {
            throw Self.refusal("\(url) answered \(response.status) and no JSON: \(error.advice)")
        }
        guard json["status"]?.string == "success", response.status == 200 else {
            let why = json["error"]?.string ?? "it says not why"
            throw Self.refusal("\(url) answered \(response.status): \(why)")
        }
        warnings = (json["warnings"]?.array ?? []).compactMap(\.string)
        let result = json["data"]?["result"]
        switch json["data"]?["resultType"]?.string {
        case "vector": series = try (result?.array ?? []).map { try Self.series($0["metric"], $0["value"], from: url) }
        case "scalar": series = [try Self.series(nil, result, from: url)]
        case let type:
            throw Self.refusal(
                "\(url) answered with a \(type ?? "nothing"); write a query that gives a vector or a scalar"
            )
        }
    }

    private static func series(_ labels: JSONValue?, _ sample: JSONValue?, from url: String) throws -> Series {
        guard let parts = sample?.array, parts.count == 2, let text = parts[1].string, let value = Double(text) else {
            throw refusal("\(url) answered with a sample that has no number")
        }
        let pairs = (labels?.object ?? []).filter { $0.key != "__name__" }
        let shown = pairs.map { "\($0.key)=\"\($0.value.string ?? "")\"" }.sorted().joined(separator: ", ")
        return Series(labels: shown.isEmpty ? "" : "{\(shown)}", value: value, text: text)
    }

    private static func refusal(_ text: String) -> CoordinatorError { CoordinatorError(.commandFailed, text) }

    /// All but the unreserved characters of RFC 3986 as `%XX`.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = byte.isASCIILetterOrDigit || "-._~".utf8.contains(byte)
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
