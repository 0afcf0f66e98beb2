import Model
import Rollout

/// The wall clock, as a coordinator reads it before each of its decisions.
extension Simulator {
    /// Enters every moment at which the wall clock has something to say to a rollout that obeys a calendar.
    mutating func enterBorders(of number: Int) {
        let plan = coordinators[number].machine.plan
        for other in scenario.others where plan.isQueued {
            agenda.enter(.clock(coordinator: number), at: max(now, other.ends))
        }
        guard plan.isTimed else { return }
        let asking = plan.limits.approveWithin?.milliseconds ?? 0
        let openings = scenario.closures.map(\.upperBound) + (plan.schedule.map { [$0.at.milliseconds] } ?? [])
        var borders = scenario.closures.map(\.lowerBound) + openings + openings.map { $0 - asking }
        if let schedule = plan.schedule { borders.append(schedule.expires.milliseconds) }
        for border in borders where border > now { agenda.enter(.clock(coordinator: number), at: border) }
    }

    /// Tells a coordinator what the wall clock says, if that is news to it.
    mutating func lookAtClock(_ number: Int) {
        guard coordinators[number].summary == nil, !coordinators[number].isDown else { return }
        let run = coordinators[number].run
        lookAtOthers(number)
        guard coordinators[number].summary == nil, !coordinators[number].isDown else { return }
        if let expiry = coordinators[number].machine.expiry, expiry.milliseconds <= now {
            tell(number, run, .scheduleExpired)
        }
        guard coordinators[number].machine.plan.isTimed, coordinators[number].summary == nil else { return }
        let opening = opening(for: coordinators[number].machine.plan)
        guard coordinators[number].toldOpening != opening else { return }
        coordinators[number].toldOpening = opening
        tell(number, run, .opening(opening))
    }

    private func opening(for plan: Plan) -> Opening {
        var opens = max(now, plan.schedule?.at.milliseconds ?? now)
        while let closed = scenario.closures.first(where: { $0.contains(opens) }) { opens = closed.upperBound }
        guard opens > now else { return .open }
        let closure = Closure("simulated", until: WallTime(milliseconds: opens))
        return opens - (plan.limits.approveWithin?.milliseconds ?? 0) > now ? .closed(closure) : .near(closure)
    }
}
