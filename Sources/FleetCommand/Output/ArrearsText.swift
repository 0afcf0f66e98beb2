import Coordinator
import Model
import Rollout

/// One line about a host that is not where its environment is: what, since when, until when, and what to type.
struct ArrearsText {
    private let found: Arrears
    private let next: String?

    init(_ found: Arrears, next: String?) {
        self.found = found
        self.next = next
    }

    var line: String {
        let parts = ["\(found.state.words): \(what)\(since)"] + until + (next.map { [$0] } ?? [])
        return parts.joined(separator: "; ")
    }

    private var what: String {
        let goal = found.goal.map { "\($0.version)" } ?? "what people decide"
        let runs = found.possibly.isEmpty ? "nothing" : found.possibly.map(\.version.text).joined(separator: " or ")
        let rollout = found.rollout.map(\.label) ?? "every rollout"
        return switch found.state {
        case .unknown: "was lost while \(rollout) changed it, may run \(runs); should run \(goal)"
        case .missed: "has missed \(rollout), ran \(runs); should run \(goal)"
        case .behind: "runs \(runs), should run \(goal)"
        case .unread: "is back on \(goal), which \(rollout) has not read back"
        case .stale: "the approvals that there are don't count for it; ran \(runs), should run \(goal)"
        case .failed: "\(goal) has failed on it in \(rollout), runs \(runs)"
        case .leftOut: "\(rollout) has left it out, runs \(runs), the others \(goal)"
        case .held: "runs \(runs), the others \(goal)"
        }
    }

    private var since: String { found.since.map { ", since \($0)" } ?? "" }

    private var until: [String] { found.until.map { ["approved until \($0)"] } ?? [] }
}
