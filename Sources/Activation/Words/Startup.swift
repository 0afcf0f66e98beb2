package import Model

/// The start of a unit.
package struct Startup: Hashable, Codable, Sendable {
    package let unit: UnitName
    /// Started first, and left listening.
    package let sockets: [UnitName]
    /// Time to become active.
    package let timeout: TimeSpan

    package init(unit: UnitName, sockets: [UnitName], timeout: TimeSpan) {
        self.unit = unit
        self.sockets = sockets
        self.timeout = timeout
    }
}
