/// One line of a service's journal.
package struct LogLine: Hashable, Codable, Sendable {
    package var at: WallTime
    /// The unit that wrote it, as journald names it.
    package var unit: String
    /// syslog(3) priority, 0 (emergency) to 7 (debug).
    package var priority: Int
    package var text: String

    package init(at: WallTime, unit: String, priority: Int, text: String) {
        self.at = at
        self.unit = unit
        self.priority = priority
        self.text = text
    }
}
