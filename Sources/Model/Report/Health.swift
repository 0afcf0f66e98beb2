/// Whether a service works, as its own host sees it.
package enum Health: Hashable, Codable, Sendable {
    /// Unit active and the last round of checks passed.
    case healthy
    case unhealthy(reason: String)
    /// Nobody has looked yet, or looking failed. Never counts as healthy.
    case unknown

    package var isHealthy: Bool { self == .healthy }
}
