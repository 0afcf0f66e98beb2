package import Model

/// What a lying coordinator says, line by line; it goes on whatever the answers are.
package struct Script: Codable, Sendable {
    package enum Line: Codable, Sendable {
        /// A command, as it stands; a claim gets the proof of its ledger's history.
        case say(HostCommand, to: HostID)
        /// The artifact, from the workspace's store.
        case deliver(Artifact, to: HostID)
    }

    package enum Answer: Codable, Sendable {
        case reply(HostReply)
        case delivered
        /// There was no answer.
        case lost(String)
    }

    package let service: ServiceName
    package let environment: EnvironmentName
    package let rollout: RolloutID
    package let lines: [Line]

    package init(service: ServiceName, environment: EnvironmentName, rollout: RolloutID, lines: [Line]) {
        self.service = service
        self.environment = environment
        self.rollout = rollout
        self.lines = lines
    }
}
