/// Why systemd did not do what it was asked.
package struct SystemdError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// No system bus, or the connection to it broke.
        case busUnavailable = "systemd.bus_unavailable"
        /// systemd refused the call.
        case refused = "systemd.refused"
        /// The unit does not exist.
        case noSuchUnit = "systemd.no_such_unit"
        /// The job ended, but not well.
        case jobFailed = "systemd.job_failed"
    }

    package let code: Code
    package let unit: String?
    /// What was found and what to do about it, shown to the operator as it stands.
    package let advice: String

    package var description: String { "\(unit.map { "\($0): " } ?? "")\(advice) [\(code.rawValue)]" }
}
