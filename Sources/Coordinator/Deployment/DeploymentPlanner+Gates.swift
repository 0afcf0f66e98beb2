internal import Configuration
internal import Model

extension DeploymentPlanner {
    /// The environment with what its gates ask about other services, word by word: that is what people approve.
    ///
    /// - Throws: `ConfigurationError` for a service or environment that there is not, `CoordinatorError` for a gate.
    func withGatesOfServices(_ environment: Environment) async throws -> Environment {
        var environment = environment
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
        let place = "\(environment.name) of \(service)"
        guard let gate = environment.gates.first(where: { $0.name == name }) else {
            throw CoordinatorError(.configuration, "\(place) has no gate '\(name)'; correct the name in fleet.yml")
        }
        if let why = gate.whyOwn {
            throw CoordinatorError(.configuration, "gate '\(name)' in \(place) can't be asked from elsewhere: \(why)")
        }
        return gate
    }
}
