internal import Model
internal import Rollout

extension DeploymentPlanner {
    /// The environment without freezes that are over, which nobody need read.
    func atPresent(_ environment: Environment) throws(CoordinatorError) -> Environment {
        guard let calendar = environment.calendar else { return environment }
        var environment = environment
        let times = try OpenTimes(calendar)
        let now = CoordinatorClock().wall
        environment.calendar?.freezes.removeAll { times.isOver($0, at: now) }
        return environment
    }

    /// What the calendar says that is to hold nothing; nil where it is obeyed.
    ///
    /// - Throws: `environment.closed` without a reason, because people will want to know it.
    func override(_ request: DeploymentRequest, in environment: Environment) throws(CoordinatorError) -> String? {
        guard request.calendar == .override else { return nil }
        guard request.reason?.isEmpty == false else {
            throw CoordinatorError(
                .closed,
                "--while-closed needs a --reason, which stands in the plan and in the ledger"
            )
        }
        let now = request.schedule?.at ?? CoordinatorClock().wall
        let closure = try OpenTimes(environment.calendar ?? ChangeCalendar()).state(at: now).closure
        return closure?.description ?? "open; goes on when it closes"
    }
}
