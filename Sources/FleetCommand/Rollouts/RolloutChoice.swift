import ArgumentParser
import Coordinator
import Model
import Rollout

/// Which rollout is meant: by its label, or the one that there can only be.
struct RolloutChoice: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Rollout, for example R17 (default: the only one that has not ended).", valueName: "rollout")
    )
    var label: String?

    /// The rollout that was named, or the only unfinished one.
    func unfinished(at desk: any Desk) async throws -> StoredRollout {
        if let label {
            let rollout = try await Self.named(label, at: desk)
            guard !rollout.isFinished else {
                let outcome = rollout.summary?.outcome.words ?? "ended"
                throw CoordinatorError(
                    .rolloutEnded,
                    "\(rollout.id.label) has ended: \(outcome); see 'fleet why \(rollout.id.label)'"
                )
            }
            return rollout
        }
        let open = try await desk.rollouts(.unfinished)
        guard let rollout = open.first else { throw CoordinatorError(.rolloutUnknown, "no rollout is under way") }
        guard open.count == 1 else {
            let list = open.map { "\($0.id.label) (\($0.plan.service) in \($0.plan.environment))" }.joined(
                separator: ", "
            )
            throw CoordinatorError(.rolloutUnknown, "several rollouts are under way: \(list); say which")
        }
        return rollout
    }

    /// The rollout that was named, or the only one that waits for approval.
    func awaited(at desk: any Desk) async throws -> StoredRollout {
        guard label == nil else { return try await unfinished(at: desk) }
        let waiting = try await desk.approvals(of: nil)
        guard let request = waiting.first, waiting.count == 1,
            let rollout = try await desk.rollouts(.numbered(request.rollout.number)).first
        else {
            let list = waiting.map(\.rollout.label).joined(separator: ", ")
            let advice =
                waiting.isEmpty
                ? "no rollout waits for approval" : "several rollouts wait for approval: \(list); say which"
            throw CoordinatorError(.rolloutUnknown, advice)
        }
        return rollout
    }

    /// The rollout that was named, or the newest.
    func any(at desk: any Desk) async throws -> StoredRollout {
        if let label { return try await Self.named(label, at: desk) }
        guard let newest = try await desk.rollouts(.newest(1, of: Selection())).first else {
            throw CoordinatorError(.rolloutUnknown, "there was no rollout yet")
        }
        return newest
    }

    /// The number in a label.
    static func number(_ text: String) throws -> Int {
        guard let number = RolloutID.number(label: text.uppercased()) else {
            throw ValidationError("'\(text)' is no rollout: write its label, for example R17")
        }
        return number
    }

    static func named(_ text: String, at desk: any Desk) async throws -> StoredRollout {
        let number = try number(text)
        guard let rollout = try await desk.rollouts(.numbered(number)).first else {
            throw CoordinatorError(
                .rolloutUnknown,
                "there is no \(text.uppercased()) in the ledger; 'fleet history' lists them"
            )
        }
        return rollout
    }
}
