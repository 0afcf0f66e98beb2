internal import Activation
internal import Model

extension EffectPerformer {
    /// Longer than the agent has to stop, and much longer than it takes.
    private static let handoverPatience = TimeSpan.seconds(90)
    /// What the other side needs beyond the time that a unit has to start.
    static let relayGrace = Duration.seconds(60)
    /// More than all attempts to bring either release up.
    private static let takeoverTime = TimeSpan.minutes(20)

    /// The unit of whoever stands in for the agent.
    static func takeover(_ arguments: [String]) throws(ModelError) -> TransientCommand {
        TransientCommand(
            unit: try UnitName(parsing: "fleet-takeover.service"),
            description: "Fleet: stand in for the agent while it is replaced",
            arguments: arguments + [ServiceName.agent.text, "--take-over"],
            timeout: takeoverTime
        )
    }

    /// Has another process stop this one and go on; whoever sees the end of this has not been stopped.
    func handOver() async throws -> EffectResult {
        let command = try Self.takeover(await host.keeper.command)
        try await host.systemd.launch(command)
        try await Task.sleep(for: Self.handoverPatience.duration)
        throw Failure(
            .internalError,
            "the agent was not stopped within \(Self.handoverPatience); see: journalctl -u \(command.unit)"
        )
    }
}
