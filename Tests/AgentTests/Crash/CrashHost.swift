import Activation
import Artifacts
import Configuration
import Glibc
import HTTP
import Logging
import Model
import NIOPosix
import Session
import Storage
import Testing

@testable import Agent

/// The real agent of one boot over a fixture's directory: its journal, its effects, its decisions, and a model of systemd.
final class CrashHost {
    let fixture: CrashFixture
    let boot: String
    let systemd: ModelSystemd
    let artifacts: ContentStore
    private let thread: DedicatedThread
    private let journal: AgentJournal
    private let host: HostServices

    /// Opens what the boot finds on the disk.
    init(_ fixture: CrashFixture, boot: String, systemd: ModelSystemd, artifacts: String) throws {
        self.fixture = fixture
        self.boot = boot
        self.systemd = systemd
        let paths = fixture.paths
        _ = try Directory(creating: paths.state, mode: 0o700)
        _ = try Directory(creating: paths.services)
        _ = try Directory(creating: paths.units)
        self.artifacts = try ContentStore(directory: artifacts)
        thread = DedicatedThread(name: "host")
        journal = try AgentJournal(path: paths.database, thread: thread)
        let group = MultiThreadedEventLoopGroup.singleton
        let clock = HostClock(bootID: boot)
        host = HostServices(
            host: CrashFixture.host,
            paths: paths,
            thread: thread,
            clock: clock,
            systemd: systemd,
            checks: CheckRunner(
                systemd: systemd,
                clock: clock,
                http: HTTPClient(trust: nil, group: group),
                group: group
            ),
            artifacts: self.artifacts,
            tool: try UnpackTool(path: PreparationRig.tool()),
            limits: fixture.configuration.limits,
            // Any small program: no timer runs here, and its copies are no part of what is tried.
            pinned: PinnedAgent(
                place: "\(artifacts)-pinned",
                configuration: "/etc/os-release",
                executable: "/bin/true"
            ),
            keeper: Keeper(executable: "/usr/bin/agent", configuration: "agent.yml")
        )
    }

    deinit { thread.stop() }

    var store: ReleaseStore { ReleaseStore(service: CrashFixture.service, paths: fixture.paths, thread: thread) }

    /// The machine as the journal has it; nil before the service is known.
    func stored() async throws -> ServiceMachine? {
        try await journal.machine(of: CrashFixture.service)?.machine
    }

    /// Has the journal say what it said once, or what another's said.
    func remember(_ machine: ServiceMachine) async throws {
        let last = try await journal.machine(of: CrashFixture.service)?.sequence ?? 0
        _ = try await journal.store(machine, after: last, history: [])
    }

    /// Runs the agent until `body` has ended and nothing is being changed; `body` begins once it has recovered.
    ///
    /// - Throws: What ended the agent, which is how a power cut looks to it.
    func run<Value: Sendable>(
        stage: DiskFacts.Stage = .running,
        _ body: @escaping @Sendable (ServiceRunner) async throws -> Value
    ) async throws -> Value {
        let agent = HostAgent(
            configuration: fixture.configuration,
            host: host,
            journal: journal,
            feed: ReportFeed(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        try await agent.load()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await agent.run(stage: stage)
                return nil
            }
            group.addTask {
                do {
                    let runner = await agent.runner(of: CrashFixture.service, in: CrashFixture.environment)
                    try await agent.recovered()
                    let value = try await body(runner)
                    try await agent.idle()
                    return value
                } catch is Failure {
                    // A runner has ended; why is what the agent itself ends with.
                    return nil
                }
            }
            defer { group.cancelAll() }
            for try await case let value? in group { return value }
            throw CancellationError()
        }
    }
}
