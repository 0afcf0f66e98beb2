package import Model

/// One piece of work in the world, bounded in time, whose result comes back as `Event.finished` with the same token.
///
/// At most one is awaited at a time. Each may be performed again after a crash and must then end in the same state.
/// A newer effect supersedes the one before: the shell cancels that, or lets it end, before it begins the new one.
package enum Effect: Hashable, Codable, Sendable {
    /// Digest of the artifact, provenance and approvals, against the host's own trust.
    case verify(Verification)
    /// Room on the disk for the unpacked release.
    case reserve(ReleaseID, Release)
    /// Unpack into staging.
    case unpack(ReleaseID, Release)
    /// Look at the tree, in staging or in place: its spec, and what the host lacks for it.
    case inspect(ReleaseID, Release)
    /// Make staging durable and rename it into `releases/`; a tree of that name is replaced, the machine never knew it.
    case install(ReleaseID)
    /// Arm the timer outside of this process that runs `agent recover SERVICE`; replaces an armed one.
    ///
    /// What that has to do may take `wayBack` at most.
    case armDeadMan(TimeSpan, wayBack: TimeSpan)
    case runHook(HookRun)
    /// Run a migration to its end; one that is left from an earlier process ends before.
    case migrate(MigrationRun)
    /// Ask a service whether it may be stopped; done when it may.
    case askIdle(IdleQuestion)
    /// Ask load balancers what they do with this host.
    case lookAtTraffic(TrafficLook)
    /// Tell load balancers to give this host traffic, or no more of it.
    case directTraffic(TrafficOrder)
    /// Stop units, in order; done when they are inactive. One that does not exist is stopped.
    case stop([UnitName])
    /// Make trees again what was unpacked, from their artifacts; one that still is stays as it is.
    case restore([Restoration])
    /// Let a process of its own, of the agent that began the change, stop this agent and go on; does not end well.
    case handOver
    /// Put links and units of one release in the place of another.
    case switchTo(Switch)
    /// Start a unit; done when it is active.
    case start(Startup)
    /// Tell a unit that runs to take up what the links name; fails where it is another run of the unit by now.
    case reload(Reload)
    /// One round of checks and a look at the unit.
    case check(CheckRun)
}
