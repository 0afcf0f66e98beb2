internal import Activation
internal import Model

extension EffectPerformer {
    func run(_ hook: HookRun) async throws -> EffectResult {
        let (unit, result) = try await end(of: hook)
        guard !result.hasSucceeded else { return .done }
        throw await failure(of: hook, unit, result)
    }

    /// Exit code 0 means idle and 1 busy; everything else is no answer.
    func ask(_ question: IdleQuestion) async throws -> EffectResult {
        if question.after > .zero { try await Task.sleep(for: question.after.duration) }
        let hook: HookRun
        switch question.subject {
        case .hook(let run): hook = run
        case .job(let unit): return try await isRunning(unit) ? .busy : .done
        }
        let (unit, result) = try await end(of: hook)
        if result.hasSucceeded { return .done }
        if result.result == "exit-code", result.exitStatus == 1 { return .busy }
        throw await failure(of: hook, unit, result)
    }

    /// Whether a run is under way; one that has ended and is remembered as active is none (systemd.service(5), `RemainAfterExit=`).
    private func isRunning(_ unit: UnitName) async throws -> Bool {
        let state = try await host.systemd.inspect(unit).state
        return state.active != "inactive" && state.active != "failed" && state.sub != "exited"
    }

    private func end(of hook: HookRun) async throws -> (UnitName, CommandResult) {
        let site = try await site(of: hook.release, in: hook.instance)
        let command = try site.command(hook.command, name: "hook-\(hook.kind.rawValue)", timeout: hook.timeout)
        // One that an earlier process has begun, or that nobody waits for any more, is in its own way.
        try await clear(command.unit)
        return (command.unit, try await host.systemd.run(command))
    }

    private func failure(of hook: HookRun, _ unit: UnitName, _ result: CommandResult) async -> Failure {
        let words = hook.command.joined(separator: " ")
        return Failure(
            .hookFailed,
            "\(hook.kind.rawValue) hook '\(words)' ended with \(result.result), status \(result.exitStatus)",
            evidence: await evidence(of: unit, invocation: result.invocation)
        )
    }

    /// Ends a transient unit and has systemd forget it.
    private func clear(_ unit: UnitName) async throws {
        _ = try await stop([unit])
        try await host.systemd.forgetFailure(of: unit)
    }
}
