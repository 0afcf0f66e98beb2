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
