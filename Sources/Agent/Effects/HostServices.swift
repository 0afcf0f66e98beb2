internal import Activation
internal import Artifacts
internal import Configuration
internal import Model
internal import Storage
internal import Trust

/// What the effects of all services of a host share.
struct HostServices: Sendable {
    let host: HostID
    let paths: AgentPaths
    /// Alone changes releases, links, unit files and the journal, so that one order of system calls says all that a crash
    /// can cut.
    let thread: DedicatedThread
    let clock: HostClock
    let systemd: Systemd
    let checks: CheckRunner
    let artifacts: ContentStore
    let tool: UnpackTool
    let limits: AgentConfiguration.Limits
    /// What the dead-man's timer runs.
    let pinned: PinnedAgent
    /// Who takes back what nobody commits, for timers and for the agent's own replacement.
    let keeper: Keeper
    /// Where the start of the agent itself is asked for; nil in the agent.
    var relay: AsyncStream<Startup>.Continuation?

    /// What ps(1) and strace(1) show of `thread`.
    static let threadName = "fleet-effects"

    var intake: ReleaseIntake { ReleaseIntake(tool: tool, limits: limits, paths: paths) }

    /// Begins to store an artifact, if this host takes one of that size and the disk keeps its reserve.
    func ingest(_ digest: Digest, size: ByteCount) throws(ArtifactError) -> ContentIngest {
        try intake.judge(digest, size: size)
        return try artifacts.ingest(digest, size: size, keepingFree: max(limits.minFreeDisk, DiskSpace.reserve))
    }
}
