/// One thing that `fleet doctor` has looked at.
package struct Finding: Hashable, Codable, Sendable {
    package enum Severity: String, Codable, Sendable, CaseIterable {
        case fine
        /// Will become a problem.
        case warning
        case problem
    }

    package let severity: Severity
    /// A file, or a host.
    package let subject: String
    /// What was found.
    package let text: String
    /// What to do; nil when it is fine.
    package let remedy: String?

    package init(_ severity: Severity, _ subject: String, _ text: String, remedy: String? = nil) {
        self.severity = severity
        self.subject = subject
        self.text = text
        self.remedy = remedy
    }
}
