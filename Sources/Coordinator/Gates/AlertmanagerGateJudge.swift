internal import HTTP
internal import Model
internal import Trust

/// Asks Alertmanager which alerts fire
/// (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml, `getAlerts`).
struct AlertmanagerGateJudge {
    private let gate: AlertmanagerGate
    private let timeout: TimeSpan

    /// Alerts that a verdict names.
    private static let mostAlerts = 8
    private static let largest = 4 << 20

    init(_ gate: AlertmanagerGate, timeout: TimeSpan) {
        self.gate = gate
        self.timeout = timeout
    }

    func judge(_ subject: GateSubject) async -> GateVerdict {
        let matchers = gate.match + (gate.watchdog ?? [])
        guard !subject.hosts.isEmpty || !matchers.contains(where: { $0.template.names(.hosts) }) else {
            return GateVerdict(.inconclusive, "no host of stage \(subject.stageName) runs the release")
        }
        do {
            async let firing = alerts(gate.match, subject, Self.heard)
            let signs = try await signsOfLife(subject)
            return verdict(try await firing, signs)
        } catch {
            return GateVerdict(.inconclusive, "\(error)", details: ["match: \(AlertmanagerGate.text(gate.match))"])
        }
    }

    /// What people would hear of; an alert that was not handed out yet fires all the same.
    private static let heard = "active=true&silenced=false&inhibited=false&unprocessed=true"
    /// What shows that alerts arrive, whoever wants to hear of it.
    private static let any = "active=true&silenced=true&inhibited=true&unprocessed=true"

    /// The alerts that always fire; nil where none is said to.
    private func signsOfLife(_ subject: GateSubject) async throws -> [Alert]? {
        guard let watchdog = gate.watchdog else { return nil }
        return try await alerts(watchdog, subject, Self.any)
    }

    private func alerts(_ matchers: [AlertMatcher], _ subject: GateSubject, _ states: String) async throws -> [Alert] {
        let root = gate.url.hasSuffix("/") ? String(gate.url.dropLast()) : gate.url
        let filters = matchers.map { "&filter=\(FormText.encoded(subject.text(of: $0.template)))" }.joined()
        let url = try HTTPURL(parsing: "\(root)/api/v2/alerts?\(states)\(filters)")
        let response = try await HTTPClient.forGates(url)
            .get(url, timeout: timeout.duration, maximumBody: Self.largest)
        return try Alert.read(response, from: "\(root)/api/v2/alerts")
    }

    private func verdict(_ firing: [Alert], _ signs: [Alert]?) -> GateVerdict {
        let expected = "expected none that matches \(AlertmanagerGate.text(gate.match))"
        if let first = firing.first {
            let more = firing.count == 1 ? "" : " and \(firing.count - 1) more"
            let details = firing.prefix(Self.mostAlerts).map(\.line)
            return GateVerdict(.fail, "\(first.title)\(more); \(expected)", details: details)
        }
        if signs?.isEmpty == true, let watchdog = gate.watchdog {
            let found = "no alert fires that matches \(AlertmanagerGate.text(watchdog)), so alerts may not arrive here"
            return GateVerdict(.inconclusive, found)
        }
        return GateVerdict(.pass, "no alert fires; \(expected)")
    }
}

/// One alert that fires.
private struct Alert {
    private let name: String
    /// As matchers write them, without the name.
    private let labels: String
    private let since: String
    private let summary: String

    var title: String { "alert \(name) \(labels) fires since \(since)" }
    var line: String { summary.isEmpty ? title : "\(title): \(summary)" }

    /// - Throws: `CoordinatorError` when the answer is none.
    static func read(_ response: HTTPResponse, from url: String) throws -> [Self] {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: response.body)
        } catch {
            throw refusal("\(url) answered \(response.status) and no JSON: \(error.advice)")
        }
        // Of an error the answer is its text.
        guard response.status == 200 else {
            throw refusal("\(url) answered \(response.status): \(json.string ?? "it says not why")")
        }
        guard let elements = json.array else { throw refusal("\(url) answered no list of alerts") }
        return try elements.map { element in
            guard let labels = element["labels"]?.object else {
                throw refusal("\(url) answered an alert without labels")
            }
            return Self(element, labels)
        }
    }

    private init(_ alert: JSONValue, _ labels: [JSONValue.Member]) {
        let others = labels.filter { $0.key != "alertname" }
        name = alert["labels"]?["alertname"]?.string ?? "without a name"
        self.labels = "{\(others.map { "\($0.key)=\"\($0.value.string ?? "")\"" }.sorted().joined(separator: ", "))}"
        since = alert["startsAt"]?.string ?? "an unknown time"
        summary = alert["annotations"]?["summary"]?.string ?? ""
    }

    private static func refusal(_ text: String) -> CoordinatorError { CoordinatorError(.commandFailed, text) }
}
