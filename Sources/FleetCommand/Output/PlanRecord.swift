import Coordinator
import Model
import Rollout
import Trust

/// `fleet plan` for machines.
struct PlanRecord: Codable {
    let plan: Plan
    /// SHA-256 of the plan's canonical JSON, without `sha256:`.
    let digest: Digest
    /// Nil where no host of the place was ever updated.
    let forecast: Forecast?
    /// Why it would be refused now.
    let closure: Closure?

    init(_ proposal: Proposal) throws {
        plan = proposal.plan
        digest = try proposal.plan.digest()
        forecast = proposal.forecast
        closure = proposal.closure
    }
}
