/// Alerts of an Alertmanager that must not fire.
package struct AlertmanagerGate: Hashable, Codable, Sendable {
    /// Where the API is, without `/api/v2`.
    package var url: String
    /// Which alerts count: those that match all of them, at least one.
    package var match: [AlertMatcher]
    /// An alert that always fires, or those who raise alerts are not there; nil where nothing shows that.
    package var watchdog: [AlertMatcher]?

    package init(url: String, match: [AlertMatcher], watchdog: [AlertMatcher]? = nil) {
        self.url = url
        self.match = match
        self.watchdog = watchdog
    }

    /// What must hold, on one line.
    package var demand: String {
        let alive = watchdog.map { ", and one fires that matches \(Self.text($0))" } ?? ""
        return "Alertmanager at \(url) has no alert that fires and matches \(Self.text(match))\(alive)"
    }

    /// Several matchers as people write them.
    package static func text(_ matchers: [AlertMatcher]) -> String {
        "{\(matchers.map(\.description).joined(separator: ", "))}"
    }
}
