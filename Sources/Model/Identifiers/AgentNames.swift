extension ServiceName {
    /// The agent itself, as a service that agents replace like any other; no other service may have its name.
    package static let agent = ServiceName(validated: "fleet-agent")
}

extension EnvironmentName {
    /// All hosts of a fleet, as the environment of their agents, where fleet.yml does not describe it.
    package static let agents = EnvironmentName(validated: "agents")
}

extension UnitName {
    /// The unit that the agent runs as.
    package static let agent = UnitName(validated: "agent.service")
}
