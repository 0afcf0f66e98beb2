import Model

/// The load balancers of a change.
struct Diversion: Hashable, Codable, Sendable {
    /// Of the release to come.
    let servers: [TrafficServer]
    /// Of the old one, in the same order, where that runs in another instance.
    var old: [TrafficServer]?
    let drainWithin: TimeSpan
    let onSessionsLeft: SessionsLeftPolicy
    /// Until when the step with them that is under way may last.
    var until: Instant?

    init(_ policy: TrafficPolicy, host: HostID, from predecessor: Deployment?, to target: Deployment) {
        servers = Self.servers(policy, host, target)
        let before = predecessor.map { Self.servers(policy, host, $0) } ?? []
        old = before == servers || before.isEmpty ? nil : before
        drainWithin = policy.drainWithin
        onSessionsLeft = policy.onSessionsLeft
    }

    /// All that the change is about.
    var all: [TrafficServer] { servers + (old ?? []) }

    /// Who has a server for each instance knows none of what has no instances.
    private static func servers(_ policy: TrafficPolicy, _ host: HostID, _ deployment: Deployment) -> [TrafficServer] {
        policy.loadBalancers.filter { !$0.namesInstances || deployment.instance != nil }
            .map { TrafficServer($0, host, deployment.instance) }
    }
}
