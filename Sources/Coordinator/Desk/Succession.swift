internal import Model
internal import Rollout

/// Whether a new plan goes on with a rollout that has not ended, takes its place, or has to wait.
struct Succession {
    private let rollout: StoredRollout
    private let state: RolloutState

    init(_ rollout: StoredRollout, state: RolloutState) {
        self.rollout = rollout
        self.state = state
    }

    /// Whether the rollout does all that `plan` asks for; if not, the plan may take its place.
    ///
    /// What was allowed once need not be said again. A plan that supersedes it takes its place wherever it stands.
    /// - Throws: `CoordinatorError` when it is to another release, or has changed hosts by a plan that does less.
    func serves(_ plan: Plan) throws(CoordinatorError) -> Bool {
        let present = rollout.plan
        guard plan.supersedes != rollout.id else { return false }
        guard present.kind == plan.kind, present.target == plan.target else {
            throw CoordinatorError.rolloutUnderWay(rollout)
        }
        let beginsAlike = present.schedule == plan.schedule && present.whileClosed == plan.whileClosed
        if present.skipped == plan.skipped, present.adoption == plan.adoption || plan.adoption == .refuse,
            beginsAlike || !isUntouched && plan.whileClosed == nil
        {
            return true
        }
        guard isUntouched else {
            guard plan.whileClosed == nil else { throw held }
            throw CoordinatorError(
                .rolloutUnderWay,
                "\(rollout.id.label) to the same release is under way with a plan that skips other hosts, or adopts nothing: "
                    + "leave hosts out with 'fleet resume \(rollout.id.label) --skip HOST --reason WHY', or end it with "
                    + "'fleet abort'"
            )
        }
        return false
    }

    /// What people have read and said yes to is a plan that obeys its calendar.
    private var held: CoordinatorError {
        CoordinatorError(
            .rolloutUnderWay,
            "\(rollout.id.label) to the same release is under way with a plan that obeys the calendar: to go on while it is "
                + "closed, end it with 'fleet abort \(rollout.id.label)', which leaves finished hosts as they are, and say this again"
        )
    }

    private var isUntouched: Bool { RolloutMachine(id: rollout.id, plan: rollout.plan, state: state).isUntouched }
}
