package import Model

/// A command that runs as a transient service: a hook, a command check, the dead-man's revert.
///
/// It is never a child of the agent, so it has the service's own user and environment and outlives the agent.
package struct TransientCommand: Hashable, Sendable {
    /// The transient service's name.
    package var unit: UnitName
    package var description: String
    /// Empty means root.
    package var user: String = ""
    package var group: String = ""
    /// Empty means `/`.
    package var workingDirectory: String = ""
    /// A file as in `EnvironmentFile=`, or empty; one that is missing is ignored.
    package var environmentFile: String = ""
    /// `KEY=value` each.
    package var environment: [String] = []
    /// As in `LoadCredential=`.
    package var credentials: [SecretReference] = []
    /// The first is an absolute path.
    package var arguments: [String]
    /// Bound of the run time; past it systemd ends the command.
    package var timeout: TimeSpan
}
