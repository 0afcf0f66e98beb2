package import Model

/// What one round of checks found.
package struct CheckRound: Hashable, Codable, Sendable {
    /// Nil without a unit, or when it could not be looked at.
    package let unit: UnitState?
    /// One result per check that was asked for, in order.
    package let checks: [CheckResult]
    /// Last journal lines of the unit; only read when something was wrong.
    package let evidence: [String]

    package init(unit: UnitState?, checks: [CheckResult], evidence: [String] = []) {
        self.unit = unit
        self.checks = checks
        self.evidence = evidence
    }
}
