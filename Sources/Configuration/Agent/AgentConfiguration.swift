package import Model

/// What `agent.yml` says, with the defaults of everything that may be left out.
package struct AgentConfiguration: Hashable, Sendable {
    package var fleet: FleetName
    /// This server's name in the fleet, as in its certificate.
    package var host: HostID
    /// Where the agent listens; the default means every address, IPv4 included.
    package var listen = HostPort(host: "::", port: Host.defaultPort)
    /// Stands in front of every path, so that several agents can run on one machine.
    package var root = "/"
    package var paths = AgentPaths()
    /// Releases kept per service, the current and the previous included.
    package var keepReleases = 3
    /// Time without a word from a rollout's coordinator after which another rollout may take its hosts.
    package var claimLease = TimeSpan.minutes(30)
    package var limits = Limits()
    /// The sandboxed program that unpacks artifacts; not below `root`.
    package var unpackTool = Self.usualUnpackTool
    /// Where the package installs it; an agent that is a release of its own prefers the one of that release.
    package static let usualUnpackTool = "/usr/libexec/fleet/fleet-unpack"

    package init(fleet: FleetName, host: HostID) {
        self.fleet = fleet
        self.host = host
    }

    /// Bounds of one artifact, and of the disk.
    package struct Limits: Hashable, Sendable {
        /// Files, directories and links in one artifact.
        package var maxEntries = 200_000
        /// Unpacked size of one artifact.
        package var maxBytes = ByteCount.gibibytes(20)
        /// Space that stays free after a release was prepared.
        package var minFreeDisk = ByteCount.mebibytes(512)

        package init() {}
    }
}
