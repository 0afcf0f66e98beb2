internal import Configuration
internal import Model

extension DeploymentPlanner {
    /// The environment with what its gates ask about other services, word by word: that is what people approve.
    ///
    /// Which gates may be asked from elsewhere was checked with fleet.yml.
    ///
    /// - Throws: `ConfigurationError` where an inventory can't be read, `CoordinatorError` for a gate that is not there.
    func withGatesOfServices(_ environment: Environment) async throws -> Environment {
        var environment = environment
        environment.gates = environment.usedGates
        for index in environment.gates.indices {
            guard case .service(var gate) = environment.gates[index].question else { continue }
            let other = try await workspace.environment(environment.name, of: gate.service, in: configuration)
            gate.resolved = ServiceGate.Resolved(
                hosts: other.hosts.map(\.id),
                gates: try gate.names.map { try found($0, of: gate.service, in: other) }
            )
            environment.gates[index].question = .service(gate)
        }
        return environment
    }

    private func found(_ name: GateName, of service: ServiceName, in environment: Environment) throws -> Gate {
        guard let gate = environment.gates.first(where: { $0.name == name }) else {
            let place = "\(environment.name) of \(service)"
            throw CoordinatorError(.configuration, "\(place) has no gate '\(name)'; correct the name in fleet.yml")
        }
        return gate
    }
}
