package import Model

/// One run of a release's hook, as a transient unit with the service's user and environment.
package struct HookRun: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case drain
        case undrain
    }

    package let kind: Kind
    /// Whose tree the command is relative to.
    package let release: ReleaseID
    package let command: [String]
    package let timeout: TimeSpan

    package init(kind: Kind, release: ReleaseID, command: [String], timeout: TimeSpan) {
        self.kind = kind
        self.release = release
        self.command = command
        self.timeout = timeout
    }

    init?(_ kind: Kind, of deployment: Deployment?) {
        guard let deployment else { return nil }
        let hooks = deployment.spec.hooks
        let command =
            switch kind {
            case .drain: hooks.drain
            case .undrain: hooks.undrain
            }
        guard !command.isEmpty else { return nil }
        self.init(kind: kind, release: deployment.id, command: command, timeout: hooks.timeout)
    }
}
