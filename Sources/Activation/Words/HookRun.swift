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
        if let file = hooks.drainFile {
            self.init(
                kind: kind,
                release: deployment.id,
                command: Self.command(kind, file),
                timeout: kind == .drain ? hooks.timeout + file.wait : hooks.timeout
            )
            return
        }
        let command =
            switch kind {
            case .drain: hooks.drain
            case .undrain: hooks.undrain
            }
        guard !command.isEmpty else { return nil }
        self.init(kind: kind, release: deployment.id, command: command, timeout: hooks.timeout)
    }

    /// As the service's user, like any hook, so that it may stand where the service may look.
    private static func command(_ kind: Kind, _ file: DrainFile) -> [String] {
        switch kind {
        case .drain:
            let seconds = "\(file.wait.milliseconds / 1000).\(String(file.wait.milliseconds % 1000 + 1000).dropFirst())"
            return ["/bin/sh", "-c", "touch -- \"$0\" && exec sleep \"$1\"", file.path, seconds]
        case .undrain: return ["/bin/rm", "-f", "--", file.path]
        }
    }
}
