import Model
import Rollout

/// The end of a rollout as lines of text: what happened, where, the evidence, what was done about it, what to type next.
struct SummaryText {
    private let rollout: RolloutID
    private let summary: RolloutSummary

    /// Lines of evidence per host; `fleet logs` has the rest.
    private static let mostEvidence = 12

    init(_ rollout: RolloutID, _ summary: RolloutSummary) {
        self.rollout = rollout
        self.summary = summary
    }

    var lines: [String] { [headline] + capacity + hosts + GateText(summary.gates).lines + evidence + next }

    private var headline: String {
        let outcome = summary.outcome.words
        // Most headlines begin with the outcome; said once is enough.
        let isSaid = summary.headline.hasPrefix("\(outcome): ")
        let rest = isSaid ? String(summary.headline.dropFirst(outcome.count + 2)) : summary.headline
        return "\(rollout.label) \(outcome) after \(took): \(rest)"
    }

    /// Whole seconds tell enough once there is more than one.
    private var took: TimeSpan {
        let milliseconds = summary.took.milliseconds
        return milliseconds < 10_000 ? summary.took : .seconds(milliseconds / 1000)
    }

    private var capacity: [String] {
        let numbers = summary.capacity
        let start = "\(numbers.atStart) of \(numbers.total) in service at the start"
        return ["  capacity  \(start), \(numbers.lowest) at the lowest, floor \(numbers.floor)"]
    }

    /// Hosts by what became of them, in the order of the plan.
    private var hosts: [String] {
        HostResult.Kind.allCases.compactMap { kind in
            let names = summary.hosts.filter { $0.result == kind }.map(\.host.text)
            guard !names.isEmpty else { return nil }
            let shown = names.prefix(12).joined(separator: ", ")
            let more = names.count > 12 ? " and \(names.count - 12) more" : ""
            return "  \(kind.words): \(shown)\(more)"
        }
    }

    private var evidence: [String] {
        summary.hosts.flatMap { host -> [String] in
            guard let failure = host.failure else { return [] }
            let hidden = failure.evidence.count - Self.mostEvidence
            let lines = failure.evidence.suffix(Self.mostEvidence).map { "    | \($0)" }
            return ["  \(host.host): \(failure)"] + (hidden > 0 ? ["    | … \(hidden) lines before"] : []) + lines
        }
    }

    private var next: [String] { summary.advice.map { ["  next: \($0)"] } ?? [] }
}
