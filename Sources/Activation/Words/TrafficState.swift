/// How a load balancer treats this host at one moment.
package struct TrafficState: Hashable, Codable, Sendable {
    package enum Admission: String, Codable, Sendable {
        /// Gets requests, if it is up.
        case ready
        /// Gets no new sessions.
        case drain
        /// Gets nothing: somebody has said so by hand.
        case maintenance
    }

    package let server: TrafficServer
    package let admission: Admission
    /// Whether the load balancer's own checks find it well, where it has some.
    package let isUp: Bool
    /// Sessions that it has or waits for.
    package let sessions: Int

    package init(server: TrafficServer, admission: Admission, isUp: Bool, sessions: Int) {
        self.server = server
        self.admission = admission
        self.isUp = isUp
        self.sessions = sessions
    }
}
