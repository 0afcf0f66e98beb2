package import Model

/// The shell's periodic look at a service that nobody is changing.
package struct Observation: Hashable, Codable, Sendable {
    /// When the look began: a change since then makes it worthless; nil in journals of agents that did not note it.
    package let begunAt: BootInstant?
    package let unit: UnitState?
    package let checks: [CheckResult]
    /// What the `current` link names.
    package let current: ReleaseID?
    /// What differs from the release, one sentence each.
    package let drift: [String]

    package init(
        begunAt: BootInstant,
        unit: UnitState?,
        checks: [CheckResult],
        current: ReleaseID?,
        drift: [String] = []
    ) {
        self.begunAt = begunAt
        self.unit = unit
        self.checks = checks
        self.current = current
        self.drift = drift
    }
}
