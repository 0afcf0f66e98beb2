/// What systemd itself says of the service's unit on the hosts of the stage, as their agents report it.
package struct SystemdGate: Hashable, Codable, Sendable {
    /// Automatic restarts that a unit may have had since its release was started; systemd counts anew with each start.
    package var maxRestarts: Int

    package init(maxRestarts: Int = 0) { self.maxRestarts = maxRestarts }
}
