internal import HTTP
internal import Trust

/// What every answer of Prometheus's API has around its result.
struct PrometheusData {
    let type: String
    let result: JSONValue?
    /// What may be missing.
    let warnings: [String]

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
        type = json["data"]?["resultType"]?.string ?? "nothing"
        result = json["data"]?["result"]
    }

    /// A pair of time and number.
    static func sample(_ sample: JSONValue?, from url: String) throws -> (value: Double, text: String) {
        guard let parts = sample?.array, parts.count == 2, let text = parts[1].string, let value = Double(text) else {
            throw refusal("\(url) answered with a sample that has no number")
        }
        return (value, text)
    }

    /// Without the name of the metric, as PromQL writes them; empty for none.
    static func labels(_ metric: JSONValue?) -> String {
        let pairs = (metric?.object ?? []).filter { $0.key != "__name__" }
        let shown = pairs.map { "\($0.key)=\"\($0.value.string ?? "")\"" }.sorted().joined(separator: ", ")
        return shown.isEmpty ? "" : "{\(shown)}"
    }

    static func refusal(_ text: String) -> CoordinatorError { CoordinatorError(.commandFailed, text) }
}
