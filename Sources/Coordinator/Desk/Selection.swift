package import Model

/// Which services and environments are meant; nil is all.
package struct Selection: Hashable, Codable, Sendable {
    package var service: ServiceName?
    package var environment: EnvironmentName?

    package init(service: ServiceName? = nil, environment: EnvironmentName? = nil) {
        self.service = service
        self.environment = environment
    }

    package var isEverything: Bool { service == nil && environment == nil }

    package func contains(_ service: ServiceName, _ environment: EnvironmentName) -> Bool {
        (self.service ?? service) == service && (self.environment ?? environment) == environment
    }
}
