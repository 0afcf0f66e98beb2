internal import Configuration
internal import Model
internal import Rollout

extension DeploymentPlanner {
    /// What a plan makes of rollouts of other services that have not ended.
    func heed(_ plan: Plan, _ request: DeploymentRequest) async throws -> Plan {
        let after = try configuration.environment(plan.environment, of: plan.service).after
        let rule = ConcurrencyRule(plan, after: after)
        let found = try await ledger.unfinishedRollouts().compactMap { rule.finds($0.plan, as: $0.id) }
        guard !found.isEmpty else { return plan }
        var plan = plan
        plan.concurrent = found.sorted { $0.rollout.number < $1.rollout.number }
        plan.concurrency = request.concurrency == .alongside ? .alongside : nil
        return plan
    }

    /// The rollout whose place the plan is to take.
    ///
    /// - Throws: `rollout.unknown` for one that has ended, or is of another place; without a reason, because people will want
    ///   to know it.
    func superseded(_ request: DeploymentRequest) async throws -> RolloutID? {
        guard let number = request.supersedes else { return nil }
        let present = try await ledger.unfinished(request.service, request.environment)
        // Said again, after whoever said it was killed.
        if let done = present?.plan.supersedes, done.number == number { return done }
        guard let present, present.id.number == number else {
            let place = "\(request.environment) of \(request.service)"
            let found = present.map { "\($0.id.label) is" } ?? "no rollout is"
            throw CoordinatorError(
                .rolloutUnknown,
                "R\(number) is not under way in \(place), \(found): leave --supersede out, or name the one that is"
            )
        }
        guard request.reason?.isEmpty == false else {
            throw CoordinatorError(
                .rolloutUnderWay,
                "--supersede needs a --reason, which stands in the plan and in the ledger"
            )
        }
        return present.id
    }
}
