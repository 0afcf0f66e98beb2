internal import Activation
internal import Logging
internal import Model

/// Runs one service's machine: stores each of its decisions, then performs it, and tells it what came of that.
///
/// Events are taken one at a time, in order of arrival. This class holds no rule of its own.
actor ServiceRunner {
    nonisolated let service: ServiceName
    private var machine: ServiceMachine
    /// Sequence of the machine's state in the journal.
    private var sequence: Int64
    private let performer: EffectPerformer
    private let journal: AgentJournal
    private let logger: Logger
    private let onChange: @Sendable () async -> Void

    private nonisolated let events: AsyncStream<ServiceMachine.Event>
    private nonisolated let source: AsyncStream<ServiceMachine.Event>.Continuation
    private var queue = WorkQueue()
    private var stage = DiskFacts.Stage.running
    private var hasRecovered = false
    private var hasEnded = false
    private var waiters: [Requester: [CheckedContinuation<Result<HostReply, Failure>, Never>]] = [:]
    private var idlers: [CheckedContinuation<Void, Never>] = []

    init(
        stored: StoredMachine,
        performer: EffectPerformer,
        journal: AgentJournal,
        logger: Logger,
        onChange: @escaping @Sendable () async -> Void
    ) {
        service = stored.machine.service
        machine = stored.machine
        sequence = stored.sequence
        self.performer = performer
        self.journal = journal
        var logger = logger
        logger[metadataKey: "service"] = "\(service)"
        self.logger = logger
        self.onChange = onChange
        (events, source) = AsyncStream.makeStream()
    }

    private var now: Moment { Moment(boot: performer.host.clock.now, wall: performer.host.clock.wall) }

    // MARK: What others see

    var report: ServiceReport { machine.report }
    var linked: Deployment? { machine.linkedDeployment }
    /// What is linked while nothing is in flight, which may link both instances.
    var settled: Deployment? { machine.report.operation?.phase.isInFlight == true ? nil : machine.linkedDeployment }
    var expected: (release: ReleaseID, manifest: Digest?)? { machine.expected }
    var releases: [InstalledRelease] { machine.installedReleases }
    var artifacts: [Digest] { machine.artifacts }
    var isBusy: Bool {
        queue.isBusy || machine.report.operation?.phase.isInFlight == true && !isLeftToAgent
    }

    /// Whether what is in flight waits for the agent, because units may not start yet.
    private var isLeftToAgent: Bool {
        machine.isTurnedBackEarly || stage == .earlyBoot && machine.awaitsNothing
    }

    /// What a look at a service is about, and the step that it follows.
    struct Subject: Sendable {
        let linked: Deployment?
        let manifest: Digest?
        let step: Token
    }

    /// Nil while the service is being changed.
    var subject: Subject? {
        guard !isBusy else { return nil }
        return Subject(linked: machine.linkedDeployment, manifest: machine.linkedManifest, step: machine.lastStep)
    }

    /// Tells the machine something; returns at once.
    nonisolated func send(_ event: ServiceMachine.Event) { source.yield(event) }

    /// Tells the machine of a request and waits for its answer.
    ///
    /// - Throws: When the runner ends before. That is no answer: the next process may perform what this one has begun, so
    ///   whoever asked must ask again.
    func ask(_ requester: Requester, _ event: ServiceMachine.Event) async throws(Failure) -> HostReply {
        guard !hasEnded else { throw Self.ended }
        return try await withCheckedContinuation { continuation in
            waiters[requester, default: []].append(continuation)
            source.yield(event)
        }
        .get()
    }

    /// Waits until nothing is being changed.
    ///
    /// - Throws: When the runner has ended before.
    func idle() async throws(Failure) {
        while isBusy {
            guard !hasEnded else { throw Self.ended }
            await withCheckedContinuation { idlers.append($0) }
        }
    }

    /// Waits until what an earlier process left was taken in.
    ///
    /// - Throws: When the runner has ended before.
    func recovered() async throws(Failure) {
        while !hasRecovered {
            guard !hasEnded else { throw Self.ended }
            await withCheckedContinuation { idlers.append($0) }
        }
    }

    // MARK: The loop

    /// Recovers what an earlier process left, then takes events until the task is cancelled.
    ///
    /// - Throws: When the journal can't be written; the process must end then, because nothing may happen that is not
    ///   stored first.
    func run(stage: DiskFacts.Stage = .running, after failedStart: Failure? = nil) async throws {
        defer { end() }
        self.stage = stage
        try await withThrowingDiscardingTaskGroup { group in
            await settleDisk(stage: stage)
            let unit = machine.linkedDeployment?.unit
            let facts = try await performer.facts(stage: stage, unit: unit, failedStart: failedStart)
            try await recover(facts, wakes: &group)
            for await event in events { try await take(event, wakes: &group) }
        }
        await queue.end()
    }

    /// Lets go whoever still waits for this runner.
    private func end() {
        hasEnded = true
        wakeIdlers()
        for requester in waiters.keys { answer(requester, .failure(Self.ended)) }
    }

    private static let ended = Failure(.internalError, "the agent ended before it had an answer; its log says why")

    private func recover(_ facts: DiskFacts, wakes: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        Failpoint.pass(.beforeRecovery)
        let actions = machine.recover(facts, at: now)
        try await store(actions)
        perform(actions, wakes: &wakes)
        Failpoint.pass(.afterRecovery)
        hasRecovered = true
        wakeIdlers()
    }

    /// Makes what an earlier process left either durable or gone, before anything is decided on it.
    ///
    /// Staging belongs to nobody: preparations start anew. A failure is no reason not to recover.
    private func settleDisk(stage: DiskFacts.Stage) async {
        do {
            try await performer.store.settle()
            guard stage == .running else { return }
            for name in try await performer.store.removeLeftovers() {
                logger.notice("leftover removed", metadata: ["name": "\(name)"])
            }
        } catch {
            logger.warning("clean-up failed", metadata: ["error": "\(error)"])
        }
    }

    private func take(_ event: ServiceMachine.Event, wakes: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        let actions = machine.handle(event, at: now)
        if actions.isEmpty, !event.isDurable {
            // A look is told even when it found nothing new: it is the service's heartbeat.
            if case .observed = event { await onChange() }
            return
        }
        try await store(actions)
        perform(actions, wakes: &wakes)
        await onChange()
        wakeIdlers()
    }

    private func store(_ actions: [ServiceMachine.Action]) async throws {
        let history = actions.compactMap { action -> HistoryEntry? in
            guard case .announce(let operation) = action, operation.hasEnded else { return nil }
            return HistoryEntry(
                service: service,
                environment: machine.environment,
                operation: operation,
                endedAt: performer.host.clock.wall
            )
        }
        let acts = actions.compactMap { action -> HostAct? in
            if case .attest(let act) = action { act } else { nil }
        }
        Failpoint.pass(.beforeStore)
        sequence = try await journal.store(machine, after: sequence, history: history, acts: acts)
        Failpoint.pass(.afterStore)
        if service == .agent { await performer.host.keeper.note(machine.keeper) }
    }

    private func perform(_ actions: [ServiceMachine.Action], wakes: inout ThrowingDiscardingTaskGroup<any Error>) {
        for action in actions {
            switch action {
            case .perform(let work, let token): begin(work, token)
            case .reply(let requester, let reply): answer(requester, .success(reply))
            case .wake(let delay):
                wakes.addTask { [source] in
                    // Cancelled: there is nobody to wake any more.
                    guard (try? await Task.sleep(for: delay.duration)) != nil else { return }
                    source.yield(.woke)
                }
            case .disarmDeadMan:
                afterEffect { performer in
                    Failpoint.pass(.beforeDisarming)
                    try await performer.disarmDeadMan()
                    Failpoint.pass(.afterDisarming)
                }
            case .discardStaging(let release):
                // What still unpacks there would keep everything after it waiting.
                queue.cancelCurrent()
                afterEffect { performer in
                    Failpoint.pass(.beforeDiscarding)
                    try await performer.discardStaging(release)
                    Failpoint.pass(.afterDiscarding)
                }
            case .delete(let release):
                afterEffect { [source] performer in
                    Failpoint.pass(.beforeDeletion)
                    try await performer.store.delete(release)
                    Failpoint.pass(.afterDeletion)
                    source.yield(.deleted(release))
                }
            case .announce(let operation): announce(operation)
            case .attest: break  // stored already
            }
        }
    }

    /// Performs `work` in its turn; what is still being performed for an earlier step is cancelled.
    private func begin(_ work: Effect, _ token: Token) {
        queue.cancelCurrent()
        queue.add { [performer, source] in
            Failpoint.pass(work.failpoints.before)
            let result = await performer.perform(work)
            Failpoint.pass(work.failpoints.after)
            source.yield(.finished(token, result))
        } onEnd: {
            await self.workEnded()
        }
    }

    /// Performs work that the machine does not wait for, in its turn; a failure is logged, and made good before the next
    /// release is unpacked.
    private func afterEffect(_ work: @escaping @Sendable (EffectPerformer) async throws -> Void) {
        queue.add { [performer, logger] in
            do {
                try await work(performer)
            } catch {
                logger.warning("clean-up failed", metadata: ["error": "\(error)"])
            }
        } onEnd: {
            await self.workEnded()
        }
    }

    private func workEnded() {
        queue.ended()
        wakeIdlers()
    }

    private func answer(_ requester: Requester, _ reply: Result<HostReply, Failure>) {
        for waiter in waiters.removeValue(forKey: requester) ?? [] { waiter.resume(returning: reply) }
    }

    private func wakeIdlers() {
        for idler in idlers { idler.resume() }
        idlers = []
    }

    private func announce(_ operation: OperationReport) {
        var metadata: Logger.Metadata = [
            "release": "\(operation.target)", "phase": "\(operation.phase.rawValue)", "origin": "\(operation.origin)",
        ]
        if let failure = operation.failure { metadata["error"] = "\(failure)" }
        switch operation.phase {
        case .stuck: logger.error("release changed phase", metadata: metadata)
        case .kept, .reverting, .reverted: logger.warning("release changed phase", metadata: metadata)
        case .idle, .preparing, .prepared, .draining, .switching, .starting, .checking, .awaitingCommit, .committed:
            logger.notice("release changed phase", metadata: metadata)
        }
    }
}

extension OperationReport {
    /// Whether the change is over, well or not, or stays as it is for who knows how long.
    fileprivate var hasEnded: Bool {
        switch phase {
        case .kept, .committed, .reverted, .stuck: true
        case .idle: failure != nil
        case .preparing, .prepared, .draining, .switching, .starting, .checking, .awaitingCommit, .reverting: false
        }
    }
}
