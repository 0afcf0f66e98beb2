internal import Artifacts
internal import Configuration
internal import Model
internal import Storage
internal import Trust

/// What the effects of all services of a host share.
struct HostServices: Sendable {
    let host: HostID
    let paths: AgentPaths
    let thread: DedicatedThread
    let clock: HostClock
    let systemd: any ServiceManager
    let checks: CheckRunner
    let artifacts: ContentStore
    let tool: UnpackTool
    let limits: AgentConfiguration.Limits
    /// This agent's own executable and configuration, for the dead-man's timer.
    let recoverCommand: [String]

    var intake: ReleaseIntake { ReleaseIntake(tool: tool, limits: limits, paths: paths) }

    /// Begins to store an artifact, if this host takes one of that size and the disk keeps its reserve.
    func ingest(_ digest: Digest, size: ByteCount) throws(ArtifactError) -> ContentIngest {
        try intake.judge(digest, size: size)
        return try artifacts.ingest(digest, size: size, keepingFree: max(limits.minFreeDisk, DiskSpace.reserve))
    }
}
