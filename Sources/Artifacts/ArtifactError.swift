/// Why an artifact could not be stored, packed, unpacked or compared.
///
/// `fleet-unpack` reports with the same codes, so an error says the same on both sides of the process boundary.
package struct ArtifactError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// An entry breaks a rule; `path` and `rule` say which.
        case entryRefused = "artifact.entry_refused"
        case tooManyEntries = "artifact.too_many_entries"
        case tooManyBytes = "artifact.too_many_bytes"
        /// Not of the format that it claims, or damaged.
        case malformed = "artifact.malformed"
        case truncated = "artifact.truncated"
        case trailingData = "artifact.trailing_data"
        case noEntries = "artifact.no_entries"
        case entryMissing = "artifact.entry_missing"
        case digestMismatch = "artifact.digest_mismatch"
        case sizeMismatch = "artifact.size_mismatch"
        case notStored = "artifact.not_stored"
        case diskFull = "artifact.disk_full"
        /// A system call failed; the advice names it and its errno.
        case system = "artifact.system"
        case usage = "artifact.usage"
        /// A Debian package expects work that Fleet would not do.
        case packageRefused = "artifact.package_refused"
        /// The sandbox does not hold.
        case unconfined = "artifact.unconfined"
        case toolMissing = "artifact.tool_missing"
        case toolCrashed = "artifact.tool_crashed"
        case toolTimedOut = "artifact.tool_timed_out"
        case cancelled = "artifact.cancelled"
    }

    package let code: Code
    /// The entry or file concerned, as people may read it, or nil.
    package let path: String?
    package let rule: EntryRule?
    /// What was found and what to do, shown to the operator as it stands.
    package let advice: String

    package init(_ code: Code, path: String? = nil, rule: EntryRule? = nil, _ advice: String) {
        self.code = code
        self.path = path
        self.rule = rule
        self.advice = advice
    }

    package var description: String {
        let subject = path.map { "'\($0)' " } ?? ""
        let rule = rule.map { " (\($0.rawValue))" } ?? ""
        return "\(subject)\(advice)\(rule) [\(code.rawValue)]"
    }
}
