package import Model

/// The shell's periodic look at a service that nobody is changing.
package struct Observation: Hashable, Codable, Sendable {
    package let unit: UnitState?
    package let checks: [CheckResult]
    /// What the `current` link names.
    package let current: ReleaseID?
    /// What differs from the release, one sentence each.
    package let drift: [String]
    /// What was added to its units, one sentence each.
    package var overrides: [String]?

    package init(
        unit: UnitState?,
        checks: [CheckResult],
        current: ReleaseID?,
        drift: [String] = [],
        overrides: [String]? = nil
    ) {
        self.unit = unit
        self.checks = checks
        self.current = current
        self.drift = drift
        self.overrides = overrides
    }
}
