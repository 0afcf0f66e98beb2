package import Model

/// One run of a release's hook, as a transient unit with the service's user and environment.
package struct HookRun: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case drain
        case undrain
        /// The release works, and traffic will reach it next.
        case warmUp = "warm-up"
        /// Whether the service may be stopped.
        case idle
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
        let instance = deployment.instance
        var timeout = hooks.timeout
        let command: [String]
        switch (kind, hooks.drainFile) {
        case (.drain, let file?):
            command = Self.hide(file, instance)
            timeout = timeout + file.wait
        case (.undrain, let file?): command = Self.show(file, instance)
        case (.drain, nil): command = hooks.drain.map { $0.naming(instance) }
        case (.undrain, nil): command = hooks.undrain.map { $0.naming(instance) }
        case (.idle, _): command = (hooks.idle?.command ?? []).map { $0.naming(instance) }
        case (.warmUp, _): command = (hooks.warmUp ?? []).map { $0.naming(instance) }
        }
        guard !command.isEmpty else { return nil }
        self.init(kind: kind, release: deployment.id, instance: instance, command: command, timeout: timeout)
    }

    /// Hides an instance that is not there yet from whoever looks for its drain file; nil where nobody does.
    init?(hiding deployment: Deployment) {
        guard var file = deployment.spec.hooks.drainFile else { return nil }
        file.wait = .zero
        self.init(
            kind: .drain,
            release: deployment.id,
            instance: deployment.instance,
            command: Self.hide(file, deployment.instance),
            timeout: deployment.spec.hooks.timeout
        )
    }

    /// As the service's user, like any hook, so that it may stand where the service may look.
    private static func hide(_ file: DrainFile, _ instance: InstanceName?) -> [String] {
        let wait = file.wait.milliseconds
        let seconds = "\(wait / 1000).\(String(wait % 1000 + 1000).dropFirst())"
        return ["/bin/sh", "-c", "touch -- \"$0\" && exec sleep \"$1\"", file.path.naming(instance), seconds]
    }

    private static func show(_ file: DrainFile, _ instance: InstanceName?) -> [String] {
        ["/bin/rm", "-f", "--", file.path.naming(instance)]
    }
}
