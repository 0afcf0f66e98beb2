package import Model
package import Rollout

/// An artifact that a rollout has taken back on evidence of its own: nobody gets it in that environment by accident again.
package struct Quarantine: Hashable, Codable, Sendable {
    package let service: ServiceName
    package let environment: EnvironmentName
    package let artifact: Digest
    /// As which it was tried.
    package let release: ReleaseID
    /// The rollout that has taken it back.
    package let rollout: RolloutID
    package let at: WallTime
    package let evidence: [ArtifactEvidence]

    package init(
        service: ServiceName,
        environment: EnvironmentName,
        artifact: Digest,
        release: ReleaseID,
        rollout: RolloutID,
        at: WallTime,
        evidence: [ArtifactEvidence]
    ) {
        self.service = service
        self.environment = environment
        self.artifact = artifact
        self.release = release
        self.rollout = rollout
        self.at = at
        self.evidence = evidence
    }

    /// One line for people: what, since when, and on which evidence.
    package var description: String {
        let shown = evidence.prefix(3).map { "\($0.host): \($0.failure)" }.joined(separator: "; ")
        let more = evidence.count > 3 ? " and \(evidence.count - 3) more hosts" : ""
        return "\(release.version) is quarantined in \(environment) since \(at), artifact \(artifact.short): "
            + "\(rollout.label) took it back, \(shown)\(more)"
    }
}
