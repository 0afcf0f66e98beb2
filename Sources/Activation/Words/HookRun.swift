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
    /// The instance that it is about; nil without a template.
    package let instance: InstanceName?
    package let command: [String]
    package let timeout: TimeSpan

    package init(
        kind: Kind,
        release: ReleaseID,
        instance: InstanceName? = nil,
        command: [String],
        timeout: TimeSpan
    ) {
        self.kind = kind
        self.release = release
        self.instance = instance
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
                instance: deployment.instance,
                command: Self.command(kind, file, wait: file.wait, deployment.instance),
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
        self.init(
            kind: kind,
            release: deployment.id,
            instance: deployment.instance,
            command: command.map { $0.naming(deployment.instance) },
            timeout: hooks.timeout
        )
    }

    /// Hides an instance that is not there yet from whoever looks for its drain file; nil where nobody does.
    init?(hiding deployment: Deployment) {
        guard let file = deployment.spec.hooks.drainFile else { return nil }
        self.init(
            kind: .drain,
            release: deployment.id,
            instance: deployment.instance,
            command: Self.command(.drain, file, wait: .zero, deployment.instance),
            timeout: deployment.spec.hooks.timeout
        )
    }

    /// As the service's user, like any hook, so that it may stand where the service may look.
    private static func command(
        _ kind: Kind,
        _ file: DrainFile,
        wait: TimeSpan,
        _ instance: InstanceName?
    ) -> [String] {
        let path = file.path.naming(instance)
        switch kind {
        case .drain:
            let seconds = "\(wait.milliseconds / 1000).\(String(wait.milliseconds % 1000 + 1000).dropFirst())"
            return ["/bin/sh", "-c", "touch -- \"$0\" && exec sleep \"$1\"", path, seconds]
        case .undrain: return ["/bin/rm", "-f", "--", path]
        }
    }
}
