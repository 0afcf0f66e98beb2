internal import Model
internal import Rollout

/// Whether a plan may be begun, or wait for its time, by the wall clock.
struct StartPermit {
    private let plan: Plan
    private let now: WallTime

    /// How far ahead a start may be: until then nothing else changes in the environment.
    static let longestWait = TimeSpan.days(7)

    init(_ plan: Plan, at now: WallTime) {
        self.plan = plan
        self.now = now
    }

    /// Why it may not begin now; nil where it may, or waits for a time of its own.
    func closure() throws(CoordinatorError) -> Closure? {
        guard plan.isTimed, plan.schedule == nil else { return nil }
        return try PlanTimes(plan).closure(at: now).closure
    }

    /// - Throws: `environment.closed`, with when it opens next and what to do.
    func demand() throws(CoordinatorError) {
        guard plan.isTimed else { return }
        try checkSchedule()
        let start = max(now, plan.schedule?.at ?? now)
        guard let closure = try PlanTimes(plan).closure(at: start).closure else { return }
        let when = plan.schedule.map { "at \($0.at) " } ?? ""
        let opening = "\(closure)\(try local(closure.until))"
        throw CoordinatorError(
            .closed,
            "\(plan.environment) of \(plan.service) is \(when)\(opening). \(advice(closure))"
        )
    }

    private func checkSchedule() throws(CoordinatorError) {
        guard let schedule = plan.schedule else { return }
        guard schedule.at > now else {
            throw CoordinatorError(.closed, "\(schedule.at) is over, it is \(now): say a later --at, or leave it out")
        }
        guard schedule.at <= now + Self.longestWait else {
            throw CoordinatorError(
                .closed,
                "\(schedule.at) is more than \(Self.longestWait) ahead, and until then nothing else could change in "
                    + "\(plan.environment): say an earlier --at, or roll out then"
            )
        }
    }

    /// The opening by the clocks of the place whose hours they are.
    private func local(_ opening: WallTime?) throws(CoordinatorError) -> String {
        guard let opening, let zone = plan.calendar?.hours.first?.timeZone ?? plan.calendar?.freezes.first?.timeZone,
            zone != .utc
        else { return "" }
        return " (it opens at \(try TimeZoneDatabase.rules(of: zone).local(at: opening)) \(zone))"
    }

    private func advice(_ closure: Closure) -> String {
        let emergency = "in an emergency roll out now with --while-closed --reason TEXT"
        guard let opening = closure.until, opening <= now + Self.longestWait else {
            return "Wait until it opens; \(emergency)"
        }
        return "Start it then with --at \(opening); \(emergency)"
    }
}
