/// How the hosts of an environment leave the traffic of its load balancers, and come back.
package struct TrafficPolicy: Hashable, Codable, Sendable {
    /// At least one.
    package var loadBalancers: [LoadBalancer]
    /// Time for the sessions of a host to end once it gets no new ones.
    package var drainWithin: TimeSpan
    package var onSessionsLeft: SessionsLeftPolicy

    package init(
        loadBalancers: [LoadBalancer],
        drainWithin: TimeSpan = .seconds(30),
        onSessionsLeft: SessionsLeftPolicy = .cut
    ) {
        self.loadBalancers = loadBalancers
        self.drainWithin = drainWithin
        self.onSessionsLeft = onSessionsLeft
    }
}
