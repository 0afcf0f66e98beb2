import ArgumentParser
import Coordinator
import Model

/// Whether to wait for rollouts of other services.
struct AlongsideOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Do not wait for rollouts of other services on the same hosts, or that come first by `after`.",
            discussion: "A host that is being changed for one service is left alone by the others meanwhile."
        )
    )
    var alongside = false

    /// Adds what was said to a request.
    func apply(to request: inout DeploymentRequest) { request.concurrency = alongside ? .alongside : nil }
}
