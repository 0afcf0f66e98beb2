package import Model

/// The start of a unit.
package struct Startup: Hashable, Codable, Sendable {
    package let unit: UnitName
    /// What is started with it, and must run, too; nil for nothing.
    package let others: [UnitName]?
    /// Started first, and left listening.
    package let sockets: [UnitName]
    /// Time to become active.
    package let timeout: TimeSpan
    /// Whether it is one run of a job, which ends by itself: it must end well, and nothing is started at boot for it.
    package let isTrial: Bool

    /// All that is started and must run.
    package var units: [UnitName] { [unit] + (others ?? []) }

    package init(
        unit: UnitName,
        others: [UnitName]? = nil,
        sockets: [UnitName],
        timeout: TimeSpan,
        isTrial: Bool = false
    ) {
        self.unit = unit
        self.others = others
        self.sockets = sockets
        self.timeout = timeout
        self.isTrial = isTrial
    }
}
