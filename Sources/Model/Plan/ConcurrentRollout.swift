/// A rollout of another service that had not ended when a plan was made, and that the plan has to do with.
package struct ConcurrentRollout: Hashable, Codable, Sendable, CustomStringConvertible {
    package var rollout: RolloutID
    package var service: ServiceName
    package var environment: EnvironmentName
    /// Hosts that both plans change.
    package var sharedHosts: Int
    /// Whether the plan is for nothing unless that rollout succeeds: its service comes `after` the other one.
    package var mustSucceed: Bool

    package init(
        rollout: RolloutID,
        service: ServiceName,
        environment: EnvironmentName,
        sharedHosts: Int,
        mustSucceed: Bool
    ) {
        self.rollout = rollout
        self.service = service
        self.environment = environment
        self.sharedHosts = sharedHosts
        self.mustSucceed = mustSucceed
    }

    package var description: String {
        let hosts =
            switch sharedHosts {
            case 0: ""
            case 1: ", which changes 1 of these hosts, too"
            case _: ", which changes \(sharedHosts) of these hosts, too"
            }
        return "\(rollout.label) of \(service) in \(environment)\(hosts)"
    }
}

extension [ConcurrentRollout] {
    /// That one waits for all of them.
    package var waitText: String { "waits for the end of \(map(\.description).joined(separator: "; "))" }
}
