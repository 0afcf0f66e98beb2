/// What `fleet doctor` wants to know about a host.
package struct HostFacts: Hashable, Codable, Sendable {
    package var host: HostID
    package var bootID: String
    package var agentVersion: String
    /// PRETTY_NAME of os-release(5).
    package var operatingSystem: String
    package var kernel: String
    package var systemd: String
    /// uname(2)'s machine, for example `x86_64`.
    package var architecture: String
    /// The host's wall clock at the moment of the answer; tells clock skew.
    package var clock: WallTime
    /// Whether the kernel says that the clock is synchronised (adjtimex(2)).
    package var isClockSynchronised: Bool
    package var uptime: TimeSpan
    /// File systems that Fleet writes to.
    package var disks: [Disk]
    /// When the agent's certificate ends.
    package var certificateUntil: WallTime
    /// When it begins; nil from an agent that does not say so.
    package var certificateSince: WallTime?

    package init(
        host: HostID,
        bootID: String,
        agentVersion: String,
        operatingSystem: String,
        kernel: String,
        systemd: String,
        architecture: String,
        clock: WallTime,
        isClockSynchronised: Bool,
        uptime: TimeSpan,
        disks: [Disk],
        certificateUntil: WallTime,
        certificateSince: WallTime? = nil
    ) {
        self.host = host
        self.bootID = bootID
        self.agentVersion = agentVersion
        self.operatingSystem = operatingSystem
        self.kernel = kernel
        self.systemd = systemd
        self.architecture = architecture
        self.clock = clock
        self.isClockSynchronised = isClockSynchronised
        self.uptime = uptime
        self.disks = disks
        self.certificateUntil = certificateUntil
        self.certificateSince = certificateSince
    }

    /// One file system that Fleet writes to.
    package struct Disk: Hashable, Codable, Sendable {
        package var path: String
        package var free: ByteCount
        package var total: ByteCount

        package init(path: String, free: ByteCount, total: ByteCount) {
            self.path = path
            self.free = free
            self.total = total
        }
    }
}
