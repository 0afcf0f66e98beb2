/// Commands of the release, relative to its tree, that run at fixed points of an activation; empty means none.
package struct Hooks: Hashable, Codable, Sendable {
    /// Takes the host out of traffic, before the old release stops.
    package var drain: [String]
    /// Puts the host back, after the checks have passed.
    package var undrain: [String]
    /// Fills caches and the like once the release works, before traffic reaches it; nil means none.
    package var warmUp: [String]?
    /// Asked until it is idle, before it stops; nil where it may be stopped at any time.
    package var idle: IdleHook?
    /// Bound of each hook's run time.
    package var timeout: TimeSpan
    /// In the place of both commands: a file that is there while the host is out of traffic.
    package var drainFile: DrainFile?

    package init(
        drain: [String] = [],
        undrain: [String] = [],
        warmUp: [String]? = nil,
        idle: IdleHook? = nil,
        timeout: TimeSpan = .seconds(60),
        drainFile: DrainFile? = nil
    ) {
        self.drain = drain
        self.undrain = undrain
        self.warmUp = warmUp
        self.idle = idle
        self.timeout = timeout
        self.drainFile = drainFile
    }
}
