import Logging
import Synchronization

/// Every line that was logged, down to trace, as its handler would print it.
final class CapturedLog: Sendable {
    private let text = Mutex<String>("")

    var lines: String { text.withLock { $0 } }

    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let data = metadata.merging(event.metadata ?? [:]) { $1 }
            log.text.withLock { $0 += "\(event.level) \(event.message) \(data)\n" }
        }
    }
}
