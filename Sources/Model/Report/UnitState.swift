/// The state of a systemd unit, in systemd's own words.
package struct UnitState: Hashable, Codable, Sendable {
    package var unit: UnitName
    /// systemd's ActiveState, for example `active`.
    package var active: String
    /// systemd's SubState, for example `running`.
    package var sub: String
    /// systemd's Result, for example `exit-code`.
    package var result: String
    /// Automatic restarts since the unit was last started by hand.
    package var restarts: Int
    package var mainPID: Int
    /// systemd's 32 hex digits for this run of the unit; empty when it never ran.
    package var invocation: String
    package var since: WallTime?

    package init(
        unit: UnitName,
        active: String,
        sub: String,
        result: String,
        restarts: Int,
        mainPID: Int = 0,
        invocation: String = "",
        since: WallTime? = nil
    ) {
        self.unit = unit
        self.active = active
        self.sub = sub
        self.result = result
        self.restarts = restarts
        self.mainPID = mainPID
        self.invocation = invocation
        self.since = since
    }
}
