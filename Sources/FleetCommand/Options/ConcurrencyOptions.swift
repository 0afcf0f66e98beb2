import ArgumentParser
import Coordinator
import Model

/// What to do about other rollouts that have not ended.
struct ConcurrencyOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Do not wait for rollouts of other services on the same hosts, or that come first by `after`.",
            discussion: "A host that is being changed for one service is left alone by the others meanwhile."
        )
    )
    var alongside = false

    @Option(
        help: ArgumentHelp(
            "Abort this rollout in the same place, which may be paused or in the middle, and take its place, for example "
                + "with a hotfix; needs --reason.",
            valueName: "rollout"
        ),
        transform: Self.number
    )
    var supersede: Int?

    private static func number(_ label: String) throws -> Int {
        guard let number = RolloutID.number(label: label.uppercased()) else {
            throw ValidationError("'\(label)' is no rollout: write its label, for example R17")
        }
        return number
    }

    func validate(reason: String?) throws {
        guard supersede == nil || reason?.isEmpty == false else {
            throw ValidationError("--supersede needs a --reason, which stands in the plan and in the ledger")
        }
    }

    /// Adds what was said to a request.
    func apply(to request: inout DeploymentRequest) {
        request.concurrency = alongside ? .alongside : nil
        request.supersedes = supersede
    }
}
