internal import Activation
internal import Model

extension EffectPerformer {
    /// Exit code 0 means that it has ended well, any other that it has failed; everything else is not known.
    func migrate(_ run: MigrationRun) async throws -> EffectResult {
        let release = try await store.release(of: run.release)
        let spec = try await store.spec(of: run.release)
        let owner = try await owner(of: spec, in: run.release)
        let tree = await store.tree(of: run.release)
        let site = CheckSite(
            service: service,
            tree: tree,
            user: owner.user,
            group: owner.group,
            secrets: release.secrets
        )
        let command = try site.command(run.command, name: "migration", timeout: run.timeout)
        try await outlive(command.unit, within: run.timeout)
        let result = try await host.systemd.run(command)
        guard !result.hasSucceeded else { return .done }
        let words = run.command.joined(separator: " ")
        throw Failure(
            result.result == "exit-code" ? .migrationFailed : .migrationUnknown,
            "migration '\(words)' ended with \(result.result), status \(result.exitStatus)",
            evidence: await evidence(of: command.unit, invocation: result.invocation)
        )
    }

    /// Whose the service will be: as the release's own unit says, which is not installed yet.
    private func owner(of spec: ServiceSpec, in id: ReleaseID) async throws -> (user: String, group: String) {
        switch spec.unit {
        case .existing(let unit):
            let found = try await host.systemd.inspect(unit)
            return (found.user, found.group)
        case .file(let path):
            let unit = UnitFile(try await store.content(spec.job?.unit ?? path, of: id))
            return (unit.values("User").last ?? "", unit.values("Group").last ?? "")
        case .absent: return ("", "")
        }
    }

    /// Waits for one that an earlier process has begun: two at once could do harm.
    private func outlive(_ unit: UnitName, within limit: TimeSpan) async throws {
        let end = ContinuousClock.now + limit.duration
        while true {
            let active = try await host.systemd.inspect(unit).state.active
            if active == "inactive" { return }
            if active == "failed" {
                try await host.systemd.forgetFailure(of: unit)
                return
            }
            guard ContinuousClock.now < end else {
                throw Failure(
                    .migrationUnknown,
                    "\(unit), which an earlier agent has begun, did not end within \(limit)"
                )
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
