internal import Activation
internal import Artifacts
internal import Configuration
internal import Logging
internal import Model
internal import Session

/// All services of one host: their machines, running, and what they tell together.
actor HostAgent {
    private let configuration: AgentConfiguration
    let host: HostServices
    private let journal: AgentJournal
    private let feed: ReportFeed
    private let charge: Charge
    let logger: Logger
    private var runners: [ServiceName: ServiceRunner] = [:]
    /// Why a coordinator's ledger was refused last.
    private var ledgerRefusal: String?
    private let arrivals: AsyncStream<ServiceRunner>
    private let arrival: AsyncStream<ServiceRunner>.Continuation

    init(
        configuration: AgentConfiguration,
        host: HostServices,
        journal: AgentJournal,
        feed: ReportFeed,
        charge: Charge = .bystander,
        logger: Logger
    ) {
        self.configuration = configuration
        self.host = host
        self.journal = journal
        self.feed = feed
        self.charge = charge
        self.logger = logger
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// Takes in what the journal knows; once, before `run`.
    func load() async throws {
        ledgerRefusal = try await journal.ledgerRefusal()
        for stored in try await journal.machines() where charge.covers(stored.machine.service) {
            var machine = stored.machine
            // What agent.yml says now, not what it said when the service came here.
            machine.settings = settings(of: machine.service)
            if machine.service == .agent { await host.keeper.note(machine.keeper) }
            add(StoredMachine(machine: machine, sequence: stored.sequence))
        }
    }

    private func settings(of service: ServiceName) -> ServiceSettings {
        var settings = ServiceSettings(keep: configuration.keepReleases, claimLease: configuration.claimLease)
        if service == .agent { settings.own = charge.standpoint(host.keeper.executable) }
        return settings
    }

    /// Recovers every known service, then keeps all of them running and observed until the task is cancelled.
    ///
    /// `failedStart` is why the agent could not be started, to whoever stands in for it.
    ///
    /// - Throws: What ended a service's runner; all others are ended with it.
    func run(stage: DiskFacts.Stage = .running, after failedStart: Failure? = nil) async throws {
        await publish()
        try await withThrowingDiscardingTaskGroup { group in
            for await runner in arrivals {
                group.addTask { [arrival] in
                    // A failure cancels the other children, but not this loop, which must not wait for arrivals then.
                    defer { arrival.finish() }
                    try await runner.run(stage: stage, after: failedStart)
                }
                guard stage == .running else { continue }
                group.addTask { try await self.observe(runner) }
            }
        }
    }

    /// The runner of a service, made when it is heard of for the first time.
    func runner(of service: ServiceName, in environment: EnvironmentName) -> ServiceRunner {
        if let runner = runners[service] { return runner }
        let machine = ServiceMachine(
            host: host.host,
            service: service,
            environment: environment,
            settings: settings(of: service)
        )
        return add(StoredMachine(machine: machine, sequence: 0))
    }

    var services: [ServiceRunner] { Array(runners.values) }

    /// The runner of a known service.
    ///
    /// - Throws: `Failure` that names the services of this host.
    func runner(of service: ServiceName) throws(Failure) -> ServiceRunner {
        if let runner = runners[service] { return runner }
        let known = runners.keys.sorted().map(\.text).joined(separator: ", ")
        let found = known.isEmpty ? "it has none yet" : "it has \(known)"
        throw Failure(.nothingToRollBackTo, "this host has no service '\(service)'; \(found)")
    }

    @discardableResult
    private func add(_ stored: StoredMachine) -> ServiceRunner {
        let service = stored.machine.service
        let runner = ServiceRunner(
            stored: stored,
            performer: performer(of: service),
            journal: journal,
            logger: logger,
            onChange: { [weak self] in await self?.publish() }
        )
        runners[service] = runner
        arrival.yield(runner)
        return runner
    }

    func performer(of service: ServiceName) -> EffectPerformer {
        EffectPerformer(
            service: service,
            host: host,
            store: ReleaseStore(service: service, paths: host.paths, thread: host.thread),
            materials: MaterialCache()
        )
    }

    // MARK: Reports

    /// Looks at a service every few seconds, unless somebody changes it; one that is slow to look at delays no other.
    private func observe(_ runner: ServiceRunner) async throws {
        let performer = performer(of: runner.service)
        let glance = TreeGlance()
        // A look that began before would be too old to count; a runner that has ended says why itself.
        do { try await runner.recovered() } catch { return }
        while true {
            if let subject = await runner.subject {
                runner.send(.observed(await performer.observe(subject, glance), after: subject.step))
            }
            try await Task.sleep(for: Self.lookInterval)
        }
    }

    /// How long an illness may go unnoticed, about; as long as the pause between two heartbeats of a session.
    private static let lookInterval = Duration.seconds(5)

    /// Tells everyone who follows what the host looks like now.
    private func publish() async { feed.publish(await report()) }

    func report() async -> HostReport {
        var services: [ServiceReport] = []
        for service in runners.keys.sorted() {
            if let runner = runners[service] { services.append(await runner.report) }
        }
        // A journal that can't be read ends the agent at its next change; a look at it is no reason to.
        let head = try? await journal.receiptHead()
        return HostReport(
            host: host.host,
            bootID: host.clock.bootID,
            agentVersion: FleetVersion.text,
            at: host.clock.wall,
            freeDisk: ByteCount((try? Directory(path: host.paths.services).freeBytes()) ?? 0),  // unreadable is none
            services: services,
            ledgerRefusal: ledgerRefusal,
            receipts: head
        )
    }

    /// Tells everyone who follows when a ledger was refused, or is accepted again.
    func readLedgerRefusal() async {
        let found: String?
        // A journal that can't be read ends the agent at its next change; a look at it is no reason to.
        do { found = try await journal.ledgerRefusal() } catch { return }
        guard found != ledgerRefusal else { return }
        ledgerRefusal = found
        await publish()
    }

    /// Waits until every service has taken in what an earlier process left.
    func recovered() async throws(Failure) {
        for runner in runners.values { try await runner.recovered() }
    }

    /// Waits until no service is being changed.
    func idle() async throws(Failure) {
        for runner in runners.values { try await runner.idle() }
    }

    /// Tells the machines that whoever runs `rollout` is alive.
    func heard(_ rollout: RolloutID) {
        for runner in runners.values { runner.send(.holderHeard(rollout)) }
    }
}
