import Model

extension Scenario {
    /// When the wall clock closes the environment, in virtual milliseconds; the calendar of the plan is only its name.
    static func drawClosures(_ draw: inout SeededGenerator, _ plan: inout Plan) -> [Range<Int64>] {
        guard plan.kind == .deploy, draw.chance(30) else { return [] }
        plan.calendar = ChangeCalendar(freezes: [freeze])
        if draw.chance(30) {
            let at = Simulator.start + Int64(draw.number(1000...300_000))
            let expires = at + Int64(draw.number(60_000...1_200_000))
            plan.schedule = StartSchedule(at: WallTime(milliseconds: at), expires: WallTime(milliseconds: expires))
        }
        return (0..<draw.number(1...4)).map { _ in
            let from = Int64(draw.number(Int(Simulator.start)...Int(Tempo().faultsEnd)))
            return from..<(from + Int64(draw.number(5000...600_000)))
        }
    }

    private static let freeze = Freeze(
        from: .instant(WallTime(milliseconds: 0)),
        until: .instant(WallTime(milliseconds: 0)),
        reason: "simulated",
        timeZone: nil
    )
}
