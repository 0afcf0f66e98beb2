import ArgumentParser
import Coordinator
import Model
import Rollout

/// The way of every command that changes what runs: plan, consent, rollout, outcome.
struct RolloutFlow {
    private let desk: Desk
    private let format: OutputOptions.Format
    private let tools: Desk.Tools

    init(_ desk: Desk, _ output: OutputOptions) throws {
        self.desk = desk
        format = output.output
        tools = try desk.tools()
    }

    /// Plans, asks, and runs; or goes on with the unfinished rollout of the same release.
    func start(
        _ consent: Consent,
        _ prepare: (DeploymentPlanner) async throws -> PreparedRollout
    ) async throws {
        desk.remindOfRenewals(prepared.plan)
        let prepared = try await prepare(tools.planner)
        let unfinished = try await tools.runner.unfinished(like: prepared)
        if let unfinished, Self.serves(unfinished.plan, prepared.plan) {
            Console.note("\(unfinished.id.label) to the same release has not ended; going on with it, by its own plan")
            return try await carryOn(unfinished)
        }
        if let unfinished { try refuseReplacement(of: unfinished) }
        try consent.ask(prepared.plan)
        if let unfinished { try await withdraw(unfinished) }
        try await run(try await tools.runner.open(prepared), prepared, saying: [])
    }

    /// Runs a rollout of the ledger, or leaves the words to the process that does.
    func carryOn(_ rollout: StoredRollout, saying words: [OperatorWord] = []) async throws {
        try await run(rollout, try await tools.planner.resume(rollout), saying: words)
    }

    /// Whether a plan that is being carried out does what another asks for; what was allowed once need not be said again.
    private static func serves(_ plan: Plan, _ other: Plan) -> Bool {
        plan.skipped == other.skipped && (plan.adoption == other.adoption || other.adoption == .refuse)
    }

    /// A plan that leaves out other hosts, or adopts, may take the place of one that has changed nothing.
    private func refuseReplacement(of rollout: StoredRollout) throws {
        switch RolloutMachine(id: rollout.id, plan: rollout.plan, state: rollout.state).view.phase {
        case .planned, .mustering, .inspecting, .claiming, .preparing: return
        case .rolling, .baking, .confirming, .rollingBack, .aborting, .releasing, .concluded:
            throw CoordinatorError(
                .rolloutUnderWay,
                "\(rollout.id.label) to the same release is under way with a plan that skips other hosts, or adopts nothing: "
                    + "leave hosts out with 'fleet resume \(rollout.id.label) --skip HOST --reason WHY', or end it with "
                    + "'fleet abort'"
            )
        }
    }

    /// Ends a rollout that has changed nothing, so that a new plan can take its place.
    private func withdraw(_ rollout: StoredRollout) async throws {
        guard let lock = try RolloutLock.take(rollout.id, in: desk.workspace.layout) else {
            return try await leave([], for: rollout)
        }
        let summary = try await tools.runner.run(
            rollout,
            try await tools.planner.resume(rollout),
            holding: lock,
            saying: [.abort(reason: "replaced by another plan")],
            interruptions: AsyncStream { $0.finish() },
            news: { _ in }
        )
        Console.note("\(rollout.id.label) \(summary.headline)")
    }

    private func run(_ rollout: StoredRollout, _ prepared: PreparedRollout, saying words: [OperatorWord]) async throws {
        guard let lock = try RolloutLock.take(rollout.id, in: desk.workspace.layout) else {
            return try await leave(words, for: rollout)
        }
        let audience = RolloutAudience(rollout, style: style)
        let runner = tools.runner
        let summary = try await Interruptions.during(rollout.id) { interruptions in
            try await runner.run(
                rollout,
                prepared,
                holding: lock,
                saying: words,
                interruptions: interruptions,
                news: { await audience.hear($0) }
            )
        }
        try await audience.conclude(summary)
        try ExitStatus(summary.outcome).leave()
    }

    private func leave(_ words: [OperatorWord], for rollout: StoredRollout) async throws {
        guard !words.isEmpty else {
            throw CoordinatorError(
                .rolloutElsewhere,
                "\(rollout.id.label) is being run by another process here; 'fleet why \(rollout.id.label)' shows where it stands"
            )
        }
        for word in words { try await tools.ledger.leave(word, for: rollout.id, by: tools.runner.holder) }
        Console.note("told \(rollout.id.label), which another process runs")
    }

    private var style: RolloutAudience.Style {
        switch format {
        case .json: .json
        case .text: Console.isTerminal ? .live : .plain
        }
    }
}
