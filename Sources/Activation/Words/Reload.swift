package import Model

/// The word to a unit that runs to take up what the links name now.
package struct Reload: Hashable, Codable, Sendable {
    package let unit: UnitName
    /// The run of the unit that it is for: one that systemd has begun since then may be of either release.
    package let invocation: String
    /// Time for the reload.
    package let timeout: TimeSpan

    package init(unit: UnitName, invocation: String, timeout: TimeSpan) {
        self.unit = unit
        self.invocation = invocation
        self.timeout = timeout
    }
}
