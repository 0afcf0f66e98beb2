package import Model
package import Rollout

/// What the wall clock says of one plan: its calendar, and the time at which it is to start.
package struct PlanTimes: Sendable {
    private let plan: Plan
    private let times: OpenTimes

    /// - Throws: `configuration.invalid` for a time zone that the machine does not know.
    package init(_ plan: Plan) throws(CoordinatorError) {
        self.plan = plan
        times = try OpenTimes(plan.calendar ?? ChangeCalendar())
    }

    /// Whether something may begin at a moment, and until when at least that holds.
    package func opening(at now: WallTime) -> (opening: Opening, until: WallTime) {
        let (closure, until) = closure(at: now)
        guard let closure else { return (.open, until) }
        guard let opens = closure.until else { return (.closed(closure), until) }
        let asking = opens - (plan.limits.approveWithin ?? .zero).milliseconds
        return now < asking ? (.closed(closure), min(asking, until)) : (.near(closure), until)
    }

    /// Why nothing may begin at a moment.
    package func closure(at now: WallTime) -> (closure: Closure?, until: WallTime) {
        if let schedule = plan.schedule, now < schedule.at {
            let opens = plan.whileClosed == nil ? times.opening(after: schedule.at) : schedule.at
            return (Closure("is to start at \(schedule.at)", until: opens), schedule.at)
        }
        return plan.whileClosed == nil ? times.state(at: now) : (nil, now + .days(1))
    }
}

extension WallTime {
    fileprivate static func - (left: Self, milliseconds: Int64) -> Self {
        Self(milliseconds: left.milliseconds - milliseconds)
    }
}
