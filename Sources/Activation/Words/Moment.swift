package import Model

/// When something happened on a host, on both of its clocks.
package struct Moment: Hashable, Codable, Sendable {
    /// Deadlines and claims.
    package let boot: BootInstant
    /// Orders, and what people read.
    package let wall: WallTime

    package init(boot: BootInstant, wall: WallTime) {
        self.boot = boot
        self.wall = wall
    }
}
