package import Model

/// A look at what load balancers do with this host.
package struct TrafficLook: Hashable, Codable, Sendable {
    package let servers: [TrafficServer]
    /// Pause before it.
    package let after: TimeSpan

    package init(servers: [TrafficServer], after: TimeSpan) {
        self.servers = servers
        self.after = after
    }
}
