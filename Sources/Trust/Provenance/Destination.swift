package import Model

/// What a release is for: a service in an environment.
package struct Destination: Hashable, Sendable, CustomStringConvertible {
    package let service: ServiceName
    package let environment: EnvironmentName

    package init(service: ServiceName, environment: EnvironmentName) {
        self.service = service
        self.environment = environment
    }

    package var description: String { "\(service) in \(environment)" }
}
