internal import Model

/// Reads `hooks`.
struct HooksReader {
    let strategy: Strategy
    /// Whether systemd knows by itself when the service is busy.
    let hasJob: Bool

    private static let longest = TimeSpan.hours(24)

    func read(_ node: Node, _ findings: Findings) -> Hooks? {
        guard let reader = MappingReader<ServiceKeys.Hooks>(node, "hooks", findings: findings) else { return nil }
        var hooks = Hooks(warmUp: reader.command(.warmUp), idle: idle(reader))
        hooks.timeout = reader.span(.timeout, in: .milliseconds(1)...Self.longest) ?? hooks.timeout
        if let drain = reader[.drain], case .mapping = drain.content {
            if let undrain = reader[.undrain] {
                let advice = "undrain: the file of 'drain' is removed by itself; keep one of the two"
                findings.add(.contradiction, at: undrain.mark, advice)
            }
            hooks.drainFile = drainFile(drain, findings)
            return hooks
        }
        hooks.drain = reader.command(.drain) ?? []
        hooks.undrain = reader.command(.undrain) ?? []
        return hooks
    }

    private func drainFile(_ node: Node, _ findings: Findings) -> DrainFile? {
        guard let reader = MappingReader<ServiceKeys.DrainFile>(node, "drain", findings: findings),
            reader.required(.file) != nil, reader.required(.wait) != nil,
            let path = reader.absolutePath(.file), let wait = reader.span(.wait, in: .zero...TimeSpan.hours(1))
        else { return nil }
        return DrainFile(path: path, wait: wait)
    }

    private func idle(_ hooks: MappingReader<ServiceKeys.Hooks>) -> IdleHook? {
        guard let node = hooks[.idle] else { return nil }
        if strategy == .none {
            hooks.findings.add(.contradiction, at: node.mark, "idle: strategy 'none' stops nothing, so nothing waits")
        }
        if hasJob {
            hooks.findings.add(.contradiction, at: node.mark, "idle: systemd knows when a job runs; leave it out")
        }
        guard let reader = MappingReader<ServiceKeys.Idle>(node, "idle", findings: hooks.findings),
            reader.required(.command) != nil, reader.required(.within) != nil,
            let command = reader.command(.command), let within = reader.span(.within, in: .seconds(1)...Self.longest)
        else { return nil }
        return IdleHook(command: command, within: within)
    }
}
