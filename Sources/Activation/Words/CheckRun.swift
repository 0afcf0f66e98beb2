package import Model

/// One round of checks, asked for by the machine.
package struct CheckRun: Hashable, Codable, Sendable {
    package let release: ReleaseID
    /// The unit to look at; nil when there is none.
    package let unit: UnitName?
    /// The instance that is asked, for its commands; nil without a template.
    package let instance: InstanceName?
    package let checks: [Check]
    /// Pause before the round.
    package let after: TimeSpan

    package init(
        release: ReleaseID,
        unit: UnitName?,
        instance: InstanceName? = nil,
        checks: [Check],
        after: TimeSpan
    ) {
        self.release = release
        self.unit = unit
        self.instance = instance
        self.checks = checks
        self.after = after
    }
}
