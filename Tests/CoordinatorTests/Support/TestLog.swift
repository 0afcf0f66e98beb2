import Logging

enum TestLog {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
