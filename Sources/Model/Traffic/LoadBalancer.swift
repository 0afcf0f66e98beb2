/// Where an HAProxy is told about a host, and what it calls that (HAProxy's management guide, 9.3 "Unix Socket commands").
package struct LoadBalancer: Hashable, Codable, Sendable {
    /// Its runtime API: the absolute path of a Unix socket on the host, or `HOST:PORT`.
    package var address: String
    package var backend: String
    /// The name of the host's server in `backend`, with `{host}` for the host's own name and `{instance}` for that of the
    /// instance, where the service has two.
    package var server: String

    /// Stands in `server` for the host's name.
    package static let host = "{host}"

    package init(address: String, backend: String, server: String = LoadBalancer.host) {
        self.address = address
        self.backend = backend
        self.server = server
    }

    package func server(of host: HostID, _ instance: InstanceName? = nil) -> String {
        server.replacing(Self.host, with: host.text).naming(instance)
    }

    /// Whether each instance has a server of its own.
    package var namesInstances: Bool { server.contains(InstancePair.placeholder) }

    private static let longestName = 128
    private static let signs = Set("-_.:".utf8)

    /// A name as HAProxy has them, and as nothing else can be said to its API.
    package static func validated(name: String) throws(ModelError) -> String {
        let isGood = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case _: signs.contains(byte)
            }
        }
        guard isGood, 1...longestName ~= name.utf8.count else {
            let advice = "is no name of HAProxy: 1 to \(longestName) letters, digits, '-', '_', '.' and ':'"
            throw ModelError(.invalidName, found: name, advice: advice)
        }
        return name
    }

    /// The same for a name that may hold `{host}` and `{instance}`.
    package static func validated(server: String) throws(ModelError) -> String {
        _ = try validated(name: server.replacing(host, with: "h").replacing(InstancePair.placeholder, with: "i"))
        return server
    }
}
