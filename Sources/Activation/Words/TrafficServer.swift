import Model

/// This host as one load balancer calls it.
package struct TrafficServer: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The load balancer's runtime API: a path, or `HOST:PORT`.
    package let address: String
    package let backend: String
    package let name: String

    package init(address: String, backend: String, name: String) {
        self.address = address
        self.backend = backend
        self.name = name
    }

    init(_ balancer: LoadBalancer, _ host: HostID) {
        self.init(address: balancer.address, backend: balancer.backend, name: balancer.server(of: host))
    }

    package var description: String { "\(backend)/\(name) at \(address)" }
}
