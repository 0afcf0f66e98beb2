import ArgumentParser
import Coordinator

/// Whether to take the place of a rollout that has not ended.
struct SupersedeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Abort this rollout in the same place, which may be paused or in the middle, and take its place, for example "
                + "with a hotfix; needs --reason.",
            valueName: "rollout"
        ),
        transform: RolloutChoice.number
    )
    var supersede: Int?

    func validate(reason: String?) throws {
        guard supersede == nil || reason?.isEmpty == false else {
            throw ValidationError("--supersede needs a --reason, which stands in the plan and in the ledger")
        }
    }

    /// Adds what was said to a request.
    func apply(to request: inout DeploymentRequest) { request.supersedes = supersede }
}
