/// The word to load balancers to give this host traffic, or no more of it.
package struct TrafficOrder: Hashable, Codable, Sendable {
    package enum Admission: String, Codable, Sendable {
        case ready
        case drain
    }

    package let admission: Admission
    package let servers: [TrafficServer]

    package init(_ admission: Admission, _ servers: [TrafficServer]) {
        self.admission = admission
        self.servers = servers
    }
}
