import Coordinator
import Model

/// Up, back and up again: a release comes, the one before it comes back, and it comes again.
///
/// Each is a rollout of its own, with its checks and its consent. What ends otherwise than well ends all of it.
struct WayBackTrial {
    let desk: any Desk
    let output: OutputOptions

    func run(_ consent: Consent, _ change: Change) async throws {
        guard try await desk.propose(change).plan.previous != nil else {
            throw CoordinatorError(
                .nothingToRollBackTo,
                "--try-way-back needs a release to go back to, and none was rolled out with success to "
                    + "\(change.request.environment) of \(change.request.service) yet: leave it out this time"
            )
        }
        let flow = RolloutFlow(desk, output)
        try await flow.start(consent, change)
        Console.note("tries the way back")
        var back = DeploymentRequest(service: change.request.service, environment: change.request.environment)
        back.reason = "tries the way back"
        try await flow.start(consent, Change(.rollback(to: nil), back))
        try await flow.start(consent, change)
    }
}
