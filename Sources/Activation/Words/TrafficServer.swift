package import Model

/// This host, or one of its instances, as one load balancer calls it.
package struct TrafficServer: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The load balancer's runtime API: a path, or `HOST:PORT`.
    package let address: String
    package let backend: String
    package let name: String
    /// The instance that it stands for; nil where it is the host's only one.
    package let instance: InstanceName?

    package init(address: String, backend: String, name: String, instance: InstanceName? = nil) {
        self.address = address
        self.backend = backend
        self.name = name
        self.instance = instance
    }

    init(_ balancer: LoadBalancer, _ host: HostID, _ instance: InstanceName?) {
        self.init(
            address: balancer.address,
            backend: balancer.backend,
            name: balancer.server(of: host, instance),
            instance: balancer.namesInstances ? instance : nil
        )
    }

    package var description: String { "\(backend)/\(name) at \(address)" }
}
