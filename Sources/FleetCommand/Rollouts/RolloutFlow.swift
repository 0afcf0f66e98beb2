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
        let prepared = try await prepare(tools.planner)
        desk.remindOfRenewals(prepared.plan)
        let unfinished = try await tools.runner.unfinished(like: prepared)
        if let unfinished, Self.serves(unfinished.plan, prepared.plan) {
            Console.note("\(unfinished.id.label) to the same release has not ended; going on with it, by its own plan")
            return try await carryOn(unfinished)
        }
        if let unfinished { try await refuseReplacement(of: unfinished) }
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
    private func refuseReplacement(of rollout: StoredRollout) async throws {
        let state = try await tools.ledger.state(of: rollout)
        switch RolloutMachine(id: rollout.id, plan: rollout.plan, state: state).view.phase {
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
            throw elsewhere(rollout)
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
            return try await tell(words, to: rollout, prepared)
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

    /// Says the words to the process that runs the rollout, and follows it until it comes to rest.
    private func tell(_ words: [OperatorWord], to rollout: StoredRollout, _ prepared: PreparedRollout) async throws {
        guard !words.isEmpty else { throw elsewhere(rollout) }
        let other = RolloutElsewhere(rollout.id, ledger: tools.ledger, layout: desk.workspace.layout)
        switch try await other.say(words, by: tools.runner.holder) {
        case .nobodyThere: try await run(rollout, prepared, saying: words)
        case .heard(let refusals, let taken):
            let audience = RolloutAudience(rollout, style: style)
            for why in refusals {
                await audience.hear(.announcement(.wordRefused(why), at: CoordinatorClock().wall))
            }
            guard taken > 0 else { return try ExitStatus.refused.leave() }
            Console.note("\(rollout.id.label), which another process runs, was told; waiting for what comes of it")
            let summary = try await other.rest()
            try await audience.conclude(summary)
            try ExitStatus(summary.outcome).leave()
        }
    }

    private func elsewhere(_ rollout: StoredRollout) -> CoordinatorError {
        let label = rollout.id.label
        return CoordinatorError(
            .rolloutElsewhere,
            "\(label) is being run by another process here; 'fleet why \(label)' shows where it stands"
        )
    }

    private var style: RolloutAudience.Style {
        switch format {
        case .json: .json
        case .text: Console.isTerminal ? .live : .plain
        }
    }
}
