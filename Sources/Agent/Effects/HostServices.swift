internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
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
    let systemd: any ServiceManager
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

    /// Begins to store an artifact, if this host takes one of that size and the disks keep their reserve.
    ///
    /// Unpacked it takes as much again at least, so without that room nothing is fetched.
    func ingest(_ digest: Digest, size: ByteCount) throws(ArtifactError) -> ContentIngest {
        try intake.judge(digest, size: size)
        let reserve = max(limits.minFreeDisk, DiskSpace.reserve)
        let ingest = try artifacts.ingest(digest, size: size, keepingFree: reserve)
        let releases = try OpenFile(path: paths.services, flags: O_RDONLY | O_DIRECTORY)
        let probe = "\(paths.services)/.fetch-\(digest.short)"
        defer { artifacts.reservations.release(probe) }
        try artifacts.reservations.reserve(size, for: probe, keepingFree: reserve, at: releases, path: paths.services)
        return ingest
    }
}
