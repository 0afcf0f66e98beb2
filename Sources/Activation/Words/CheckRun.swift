package import Model

/// One round of checks, asked for by the machine.
package struct CheckRun: Hashable, Codable, Sendable {
    package let release: ReleaseID
    /// The unit to look at; nil when there is none.
    package let unit: UnitName?
    /// Units that must run besides; nil for none.
    ///
    /// The round says of all of them what it says of the worst.
    package let others: [UnitName]?
    /// The instance that is asked, for its commands; nil without a template.
    package let instance: InstanceName?
    package let checks: [Check]
    /// Pause before the round.
    package let after: TimeSpan

    /// All units to look at.
    package var units: [UnitName] { [unit].compactMap(\.self) + (others ?? []) }

    package init(
        release: ReleaseID,
        unit: UnitName?,
        others: [UnitName]? = nil,
        instance: InstanceName? = nil,
        checks: [Check],
        after: TimeSpan
    ) {
        self.release = release
        self.unit = unit
        self.others = others
        self.instance = instance
        self.checks = checks
        self.after = after
    }
}
