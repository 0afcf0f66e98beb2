import ArgumentParser
import Coordinator
import Model
import Rollout
import Trust

/// The way of every command that changes what runs: plan, consent, rollout, outcome.
struct RolloutFlow {
    private let desk: any Desk
    private let format: OutputOptions.Format

    init(_ desk: any Desk, _ output: OutputOptions) {
        self.desk = desk
        format = output.output
    }

    /// Plans, asks, and runs; or goes on with the unfinished rollout of the same release.
    func start(_ consent: Consent, _ change: Change) async throws {
        let proposal = try await desk.propose(change)
        for line in proposal.reminders { Console.note(line) }
        if let underWay = proposal.underWay, underWay.isServed {
            let label = underWay.rollout.id.label
            Console.note("\(label) to the same release has not ended; going on with it, by its own plan")
            return try await carryOn(underWay.rollout)
        }
        guard proposal.plan.schedule == change.request.schedule else {
            throw CoordinatorError(
                .askedWrongly,
                "the coordinator does not know --at and would begin at once; nothing was changed. Use the fleet of its version"
            )
        }
        // Nobody is asked about what the desk will refuse.
        if proposal.closure == nil { try consent.ask(proposal.plan) }
        let rollout = try await desk.open(try proposal.plan.digest())
        if let replaced = proposal.underWay?.rollout.id { Console.note("\(replaced.label) was replaced by this plan") }
        try await carryOn(rollout)
    }

    /// Says words to a rollout, and shows it until it comes to rest.
    func carryOn(_ rollout: StoredRollout, saying words: [OperatorWord] = []) async throws {
        let desk = desk
        try await show(rollout, on: desk.isServed ? .leave : .pause) { interruptions, audience in
            try await desk.conduct(
                rollout,
                saying: words,
                interruptions: interruptions,
                news: { await audience.hear($0) }
            )
        }
    }

    /// Shows a rollout until it comes to rest.
    func watch(_ rollout: StoredRollout) async throws {
        let desk = desk
        try await show(rollout, on: .leave) { _, audience in try await desk.watch(rollout) { await audience.hear($0) } }
    }

    private func show(
        _ rollout: StoredRollout,
        on interruption: Interruptions.Effect,
        _ body: @escaping @Sendable (AsyncStream<Void>, RolloutAudience) async throws -> RolloutSummary
    ) async throws {
        let audience = RolloutAudience(rollout, style: style)
        let summary = try await Interruptions(of: rollout.id, effect: interruption)
            .during { interruptions in try await body(interruptions, audience) }
        try await audience.conclude(summary)
        try ExitStatus(summary.outcome).leave()
    }

    private var style: RolloutAudience.Style {
        switch format {
        case .json: .json
        case .text: Console.isTerminal ? .live : .plain
        }
    }
}
