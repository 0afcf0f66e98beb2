package import Model

/// One run of a release's migration, as a transient unit with the user, environment and credentials of the service.
package struct MigrationRun: Hashable, Codable, Sendable {
    package let release: ReleaseID
    package let command: [String]
    package let timeout: TimeSpan

    package init(release: ReleaseID, command: [String], timeout: TimeSpan) {
        self.release = release
        self.command = command
        self.timeout = timeout
    }
}
