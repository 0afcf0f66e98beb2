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
    }

    package var kind: Kind
    package var request: DeploymentRequest

    package init(_ kind: Kind, _ request: DeploymentRequest) {
        self.kind = kind
        self.request = request
    }
}
