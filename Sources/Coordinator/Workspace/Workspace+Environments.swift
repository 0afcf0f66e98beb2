package import Configuration
package import Model

extension Workspace {
    /// One environment with its hosts; reads or runs the inventory where the hosts come from one.
    package func environment(
        _ name: EnvironmentName,
        of service: ServiceName,
        in configuration: FleetConfiguration
    ) async throws -> Environment {
        try await resolve(configuration.environment(name, of: service), of: service, in: configuration)
    }

    /// All environments, or those of one service, of one name.
    package func environments(
        in configuration: FleetConfiguration,
        service: ServiceName? = nil,
        environment: EnvironmentName? = nil
    ) async throws -> [Environment] {
        let services = try service.map { [try configuration.service($0)] } ?? configuration.services
        var found: [Environment] = []
        for service in services {
            for candidate in service.environments where environment == nil || candidate.name == environment {
                found.append(try await resolve(candidate, of: service.name, in: configuration))
            }
        }
        if found.isEmpty, let environment {
            throw CoordinatorError(
                .configuration,
                "no service has an environment called '\(environment)' in \(fleetFile)"
            )
        }
        return found
    }

    private func resolve(
        _ environment: FleetEnvironment,
        of service: ServiceName,
        in configuration: FleetConfiguration
    ) async throws -> Environment {
        guard service == .agent, configuration.derivesAgents else { return try await resolve(environment) }
        return environment.resolved(over: try await environments(in: configuration))
    }

    private func resolve(_ environment: FleetEnvironment) async throws -> Environment {
        guard let request = environment.inventory else { return try environment.resolved() }
        let path = request.path.hasPrefix("/") ? request.path : "\(directory)/\(request.path)"
        let bytes: [UInt8]
        let format: InventoryFile.Format
        if SmallFile.isExecutable(path) {
            bytes = try await ExternalCommand([path] + InventoryRequest.arguments).succeed().output
            format = .json
        } else {
            bytes = try SmallFile.read(path)
            format = InventoryFile.Format.guess(path: path, bytes: bytes)
        }
        let hosts = try InventoryFile.parse(bytes, file: path, format: format, group: request.group)
        return try environment.resolved(hosts: hosts)
    }
}
