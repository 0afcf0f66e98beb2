import Model

/// The load balancers of a change.
struct Diversion: Hashable, Codable, Sendable {
    let servers: [TrafficServer]
    let drainWithin: TimeSpan
    let onSessionsLeft: SessionsLeftPolicy
    /// Until when the step with them that is under way may last.
    var until: Instant?

    init(_ policy: TrafficPolicy, host: HostID) {
        servers = policy.loadBalancers.map { TrafficServer($0, host) }
        drainWithin = policy.drainWithin
        onSessionsLeft = policy.onSessionsLeft
    }
}
