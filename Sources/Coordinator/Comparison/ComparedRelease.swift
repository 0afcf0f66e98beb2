package import Model

/// A release as it is compared: what is known of it, and from where.
package struct ComparedRelease: Codable, Sendable {
    package var environment: EnvironmentName
    package var id: ReleaseID
    /// Where the environment is, or was, on it; nil for what fleet.yml would bring.
    package var confirmed: Confirmation?
    package var artifact: Artifact
    /// From provenance that a builder known here has signed; nil without one.
    package var source: SourceRevision?
    package var builder: String?

    /// By which rollout the environment has come to a release.
    package struct Confirmation: Codable, Sendable {
        package var rollout: RolloutID
        package var since: WallTime
    }
}
