package import Model

/// A release whose rollout succeeded in its environment.
package struct ConfirmedRelease: Hashable, Codable, Sendable {
    package let service: ServiceName
    package let environment: EnvironmentName
    package let id: ReleaseID
    /// The full text, from which it can be ordered again.
    package let release: Release

    package init(service: ServiceName, environment: EnvironmentName, id: ReleaseID, release: Release) {
        self.service = service
        self.environment = environment
        self.id = id
        self.release = release
    }
}
