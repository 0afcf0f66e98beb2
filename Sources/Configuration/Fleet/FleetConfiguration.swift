package import Model

/// What `fleet.yml` says: services, and the environments that they run in.
package struct FleetConfiguration: Hashable, Sendable {
    /// What messages call the file.
    package let file: String
    package let fleet: FleetName
    /// The coordinator that serves the team; nil where each operator runs rollouts from their own machine.
    package let coordinator: HostPort?
    /// In the order of the file, at least one unless there is a `coordinator`, which has a file of its own.
    package let services: [Service]

    /// One service of the fleet.
    package struct Service: Hashable, Sendable {
        package let name: ServiceName
        /// Directory of existing artifacts as written, relative to the file; nil means they are named or packed.
        package let artifacts: String?
        /// In the order of the file, at least one.
        package let environments: [FleetEnvironment]
    }

    /// The service called `name`.
    ///
    /// - Throws: `configuration.unknown_name` with the nearest service.
    package func service(_ name: ServiceName) throws(ConfigurationError) -> Service {
        if let service = services.first(where: { $0.name == name }) { return service }
        if name == .agent, !services.isEmpty { return agents }
        throw unknown("service", name.text, among: services.map(\.name.text))
    }

    /// The environment `name` of a service.
    ///
    /// - Throws: `configuration.unknown_name` with the nearest environment.
    package func environment(
        _ name: EnvironmentName,
        of service: ServiceName
    ) throws(ConfigurationError) -> FleetEnvironment {
        let environments = try self.service(service).environments
        if let environment = environments.first(where: { $0.name == name }) { return environment }
        throw unknown("environment of \(service)", name.text, among: environments.map(\.name.text))
    }

    /// Whether the environment of the agents themselves follows from all others, because the file does not describe it.
    package var derivesAgents: Bool { !services.contains { $0.name == .agent } }

    private var agents: Service {
        let environment = FleetEnvironment.agents(of: services.flatMap(\.environments), file: file)
        return Service(name: .agent, artifacts: nil, environments: [environment])
    }

    private func unknown(_ what: String, _ name: String, among names: [String]) -> ConfigurationError {
        let suggestion = Suggestion.clause(for: name, among: names)
        let rest = suggestion.isEmpty ? "; it has \(names.joined(separator: ", "))" : suggestion
        let advice = "no \(what) is called '\(name)'\(rest)"
        return ConfigurationError([ConfigurationProblem(code: .unknownName, file: file, mark: nil, advice: advice)])
    }
}
