/// How often a host has done what must be done once.
package struct HostSteps: Hashable, Sendable {
    /// Artifacts that were unpacked.
    package var unpacked = 0
    /// Times that `current` was turned.
    package var switched = 0
    /// Times that a unit was started.
    package var started = 0
}
