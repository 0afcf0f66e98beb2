package import Model

/// Which journal lines of a service are wanted, from which host.
package struct HostLogQuery: Hashable, Codable, Sendable {
    package var service: ServiceName
    package var host: HostID
    /// Lines of the past to begin with, 0 to 10,000.
    package var past: Int
    /// Whether to go on with new lines as they come.
    package var follows: Bool

    package init(service: ServiceName, host: HostID, past: Int, follows: Bool) {
        self.service = service
        self.host = host
        self.past = past
        self.follows = follows
    }
}
