import Logging

/// Writes log lines for the journal: a priority as in sd-daemon(3), the message, then its data.
struct JournalLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    init(label: String) {}

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let data = metadata.merging(event.metadata ?? [:]) { $1 }
        let words = data.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted("\($0.value)"))" }
        let line = (["<\(Self.priority(event.level))>\(event.message)"] + words).joined(separator: " ")
        FileText.complain(line)
    }

    /// One line whatever the value holds.
    private static func quoted(_ value: String) -> String {
        guard value.contains(where: { $0 == " " || $0.isNewline || $0 == "\"" }) else { return value }
        let escaped = value.map { $0.isNewline ? "\\n" : $0 == "\"" ? "\\\"" : String($0) }
        return "\"\(escaped.joined())\""
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
