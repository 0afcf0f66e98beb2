import ArgumentParser
import Coordinator
import Model

/// When a rollout begins, and whether it obeys the calendar of its environment.
struct TimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Begin at this time, at most 7 days ahead: RFC 3339, for example 2026-12-01T22:00+01:00 (default: at once).",
            valueName: "time"
        ),
        transform: Self.time
    )
    var at: WallTime?

    @Option(
        help: ArgumentHelp(
            "With --at: give up if it has not begun this long after, with nothing changed (default: 1h).",
            valueName: "time"
        ),
        transform: TimeSpan.init(parsing:)
    )
    var expires: TimeSpan?

    @Flag(
        help: "In an emergency: roll out although the environment is outside its hours or in a freeze; needs --reason."
    )
    var whileClosed = false

    /// What has not begun an hour late is expected by nobody any more.
    private static let defaultExpiry = TimeSpan.hours(1)

    func validate(reason: String?) throws {
        guard !whileClosed || reason?.isEmpty == false else {
            throw ValidationError("--while-closed needs a --reason, which stands in the plan and in the ledger")
        }
        guard expires == nil || at != nil else { throw ValidationError("--expires goes with --at") }
        guard expires.map({ $0 >= .seconds(1) && $0 <= .days(1) }) ?? true else {
            throw ValidationError("--expires is a time from 1s to 1d")
        }
    }

    /// Adds what was said to a request.
    func apply(to request: inout DeploymentRequest) {
        request.calendar = whileClosed ? .override : nil
        request.schedule = at.map { StartSchedule(at: $0, expires: $0 + (expires ?? Self.defaultExpiry)) }
    }

    /// RFC 3339, where seconds may be left out.
    private static func time(_ text: String) throws -> WallTime {
        if let time = try? WallTime(rfc3339: text) { return time }  // the second try says what is wrong
        let minutes = "2026-12-01T22:00".count
        return try WallTime(rfc3339: "\(text.prefix(minutes)):00\(text.dropFirst(minutes))")
    }
}
