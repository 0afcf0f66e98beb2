package import Model

/// What systemd knows of one unit at one moment.
package struct UnitInspection: Hashable, Sendable {
    package let state: UnitState
    /// systemd's LoadState: `loaded`, `not-found`, `masked`, `bad-setting` or `error`.
    package let loadState: String
    /// The unit file, empty when there is none.
    package let fragmentPath: String
    package let dropInPaths: [String]
    /// Whether its files differ from what systemd has read.
    package let needsReload: Bool
    /// `User=` and `Group=` of a service; empty means root.
    package let user: String
    package let group: String
    /// Exit code or signal of the last main process.
    package let exitStatus: Int

    package var exists: Bool { loadState != "not-found" }
}
