package import Model

/// What an operator wants to be changed; a coordinator makes a plan of it.
package struct Change: Hashable, Codable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        /// A release moves in.
        case deploy(ArtifactRequest)
        /// The release before, or the one of a version, moves back in.
        case rollback(to: Version?)
        /// The same release is started anew.
        case restart
        /// The service leaves the environment.
        case remove
        /// Hosts that were away while that rollout ran get its release, by the order that was approved for it.
        case catchUp(rollout: Int)
        /// Hosts that are behind get what their environment is on, by whatever leave there is.
        case converge
    }

    package var kind: Kind
    package var request: DeploymentRequest

    package init(_ kind: Kind, _ request: DeploymentRequest) {
        self.kind = kind
        self.request = request
    }

    /// For the audit trail.
    var words: String {
        switch kind {
        case .deploy(let artifact): "deploy \(artifact.subject.words)"
        case .rollback(let version): "rollback" + (version.map { " to \($0)" } ?? "")
        case .restart: "restart"
        case .remove: "remove"
        case .catchUp(let rollout): "catch up with R\(rollout)"
        case .converge: "catch up"
        }
    }
}

extension ArtifactRequest.Subject {
    fileprivate var words: String {
        switch self {
        case .directory(let path), .file(let path): path
        case .version(let version): "\(version)"
        case .confirmed(let environment): "what \(environment) is on"
        case .found(let candidate): "\(candidate.name) (\(candidate.artifact.digest.short))"
        }
    }
}
