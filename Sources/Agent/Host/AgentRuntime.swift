internal import Activation
internal import Artifacts
internal import Configuration
internal import Glibc
internal import HTTP
internal import Logging
internal import Model
internal import NIOCore
internal import NIOPosix
internal import Session
internal import Storage
internal import TLS

/// Everything that changes this host, in one process that holds the host's lock.
struct AgentRuntime: Sendable {
    let agent: HostAgent
    let host: HostServices
    let journal: AgentJournal
    let feed: ReportFeed
    let local: LocalService
    let group: any EventLoopGroup
    private let lock: LockHolder

    /// Lets another process change this host; nothing may be asked of this one any more.
    func letGo() { lock.letGo() }

    /// Holds the lock as long as any copy of the runtime lives.
    private final class LockHolder: Sendable {
        private let lock: HostLock
        init(path: String) throws(FileError) { lock = try HostLock(path: path) }
        func letGo() { lock.letGo() }
    }

    /// Opens all that a host's services share.
    ///
    /// `file` is the configuration's own path, for the dead-man's timer; `way` is how systemd is reached; `charge` is which
    /// services this process decides about; `relay` takes the start of the agent, from who stands in for it.
    init(
        _ configuration: AgentConfiguration,
        file: String,
        logger: Logger,
        way: BusAddress = .systemBus,
        charge: Charge = .bystander,
        relay: AsyncStream<Startup>.Continuation? = nil
    ) async throws {
        let paths = configuration.paths
        _ = try Directory(creating: paths.state, mode: 0o700)
        _ = try Directory(creating: paths.services)
        lock = try LockHolder(path: paths.lock)
        let thread = DedicatedThread(name: HostServices.threadName)
        journal = try AgentJournal(path: paths.database, thread: thread)
        let group = MultiThreadedEventLoopGroup.singleton
        let systemd = try Systemd(by: way)
        let clock = HostClock(bootID: try Self.bootID())
        // Checks over TLS are of the host's own services, so the system's authorities are the right ones.
        let http = HTTPClient(trust: try? WebTrust.system(), group: group)
        let executable = try Self.executable()
        host = HostServices(
            host: configuration.host,
            paths: paths,
            thread: thread,
            clock: clock,
            systemd: systemd,
            checks: CheckRunner(systemd: systemd, clock: clock, http: http, group: group),
            artifacts: try ContentStore(directory: "\(paths.state)/artifacts"),
            tool: UnpackTool(expectedAt: Self.unpackTool(configuration, beside: executable)),
            limits: configuration.limits,
            pinned: PinnedAgent(place: paths.pinned, configuration: file),
            keeper: Keeper(executable: executable, configuration: file, link: charge.keeperLink(paths)),
            relay: relay
        )
        feed = ReportFeed()
        agent = HostAgent(
            configuration: configuration,
            host: host,
            journal: journal,
            feed: feed,
            charge: charge,
            logger: logger
        )
        try await agent.load()
        local = LocalService(agent: agent, host: host, journal: journal)
        self.group = group
    }

    /// The program that unpacks, of the same release as the agent where that brings it and nothing else is configured.
    static func unpackTool(_ configuration: AgentConfiguration, beside executable: String) -> String {
        guard configuration.unpackTool == AgentConfiguration.usualUnpackTool else { return configuration.unpackTool }
        let places = executable.split(separator: "/").dropLast(3).map(String.init)
        let sibling = "/" + (places + [String(AgentConfiguration.usualUnpackTool.dropFirst())]).joined(separator: "/")
        return access(sibling, X_OK) == 0 ? sibling : configuration.unpackTool
    }

    /// The boot id as PID 1 sees it.
    ///
    /// A container manager mounts the container's own over the machine's, and `ProtectKernelTunables=` uncovers that
    /// again: without this detour the agent in its sandbox and `agent recover` would speak of different boots.
    static func bootID() throws -> String {
        let place = "/proc/sys/kernel/random"
        let directory: Directory
        do { directory = try Directory(path: "/proc/1/root\(place)") } catch { directory = try Directory(path: place) }
        let bytes = try directory.read("boot_id") ?? []
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// This very executable, with links resolved: an upgrade of the agent must not change who takes a release back.
    static func executable() throws -> String {
        guard let path = try Directory(path: "/proc/self").link("exe") else {
            throw FileError(operation: "readlink", path: "/proc/self/exe", errno: ENOENT)
        }
        return path
    }
}
