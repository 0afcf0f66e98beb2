/// The URL of a webhook: whoever knows all of it can post there, so only its server is ever shown.
package struct Webhook: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Nil for anything but http and https.
    package init?(_ text: String) {
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        self.text = text
    }

    /// The whole URL, for the one place that posts.
    package func reveal() -> String { text }

    package var description: String {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        // A user's name and password may stand in front of the server.
        let server = parts.count > 1 ? parts[1].split(separator: "@").last ?? "" : ""
        return "\(parts.first ?? "")//\(server.prefix { $0 != "?" && $0 != "#" })/(redacted)"
    }

    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
