/// One request with its identity, as it travels to a host.
package struct HostCommand: Hashable, Codable, Sendable {
    package let id: RequestID
    package let service: ServiceName
    package let environment: EnvironmentName
    package let request: HostRequest

    package init(id: RequestID, service: ServiceName, environment: EnvironmentName, request: HostRequest) {
        self.id = id
        self.service = service
        self.environment = environment
        self.request = request
    }
}
