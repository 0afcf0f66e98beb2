package import Artifacts
internal import Glibc
package import Logging
internal import Model
package import Rollout
internal import Session

/// Opens rollouts in the ledger and runs them in this process.
package struct RolloutRunner: Sendable {
    private let workspace: Workspace
    private let credentials: Credentials
    private let ledger: Ledger
    private let store: ContentStore
    private let tool: UnpackTool
    private let logger: Logger

    package init(
        _ workspace: Workspace,
        credentials: Credentials,
        ledger: Ledger,
        store: ContentStore,
        tool: UnpackTool,
        logger: Logger
    ) {
        self.workspace = workspace
        self.credentials = credentials
        self.ledger = ledger
        self.store = store
        self.tool = tool
        self.logger = logger
    }

    /// `alice@laptop`: shown to whoever finds the hosts claimed.
    package var holder: String { "\(credentials.name)@\(Self.machine)" }

    private static var machine: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The unfinished rollout that has the same target, or nil when there is none.
    ///
    /// - Throws: `CoordinatorError` when there is one with another target.
    package func unfinished(like prepared: PreparedRollout) async throws -> StoredRollout? {
        let plan = prepared.plan
        guard let unfinished = try await ledger.unfinished(plan.service, plan.environment) else { return nil }
        guard unfinished.plan.kind == plan.kind, unfinished.plan.target == plan.target else {
            throw CoordinatorError.rolloutUnderWay(unfinished)
        }
        return unfinished
    }

    /// Stores a new rollout.
    package func open(_ prepared: PreparedRollout) async throws -> StoredRollout {
        let plan = prepared.plan
        let id = try await ledger.open(plan, by: holder, at: CoordinatorClock().wall)
        guard let stored = try await ledger.rollout(id.number) else {
            throw CoordinatorError(.rolloutUnknown, "\(id.label) is not in the ledger though it was just stored")
        }
        return stored
    }

    /// Runs a rollout until it has ended or stands paused.
    ///
    /// `lock` shows that no other process of this workspace runs it, `words` are what an operator has to say before it goes
    /// on, each of `interruptions` asks for a pause.
    package func run(
        _ rollout: StoredRollout,
        _ prepared: PreparedRollout,
        holding lock: RolloutLock,
        saying words: [OperatorWord] = [],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        let links = try SessionLinks(
            running: rollout.id,
            hosts: prepared.hosts,
            fleet: credentials.fleet,
            identity: credentials.identity,
            anchors: credentials.anchors,
            artifacts: store,
            tool: tool,
            logger: logger
        )
        let engine = RolloutEngine(
            rollout: rollout,
            state: try await ledger.state(of: rollout),
            ledger: ledger,
            links: links,
            orders: prepared.orders,
            logger: logger
        )
        let conduct = RolloutConduct(
            engine: engine,
            person: holder,
            words: words,
            interruptions: interruptions,
            news: news
        )
        let summary = try await conduct.run()
        lock.release()
        await removeSpareArtifacts()
        return summary
    }

    /// A full disk is the next rollout's trouble, never this one's.
    private func removeSpareArtifacts() async {
        do {
            try await ArtifactRetention(ledger: ledger, store: store).run()
        } catch {
            logger.warning("artifacts not removed", metadata: ["error": "\(error)"])
        }
    }
}
