package import Artifacts
package import Logging
internal import Model
package import Rollout
internal import Session

/// Runs rollouts in this process.
package struct RolloutRunner: Sendable {
    private let workspace: Workspace
    /// Shown to whoever finds the hosts claimed: `alice@laptop`.
    private let person: String
    private let credentials: Credentials
    private let ledger: Ledger
    private let store: ContentStore
    private let tool: UnpackTool
    private let logger: Logger

    package init(
        _ workspace: Workspace,
        person: String,
        credentials: Credentials,
        ledger: Ledger,
        store: ContentStore,
        tool: UnpackTool,
        logger: Logger
    ) {
        self.workspace = workspace
        self.person = person
        self.credentials = credentials
        self.ledger = ledger
        self.store = store
        self.tool = tool
        self.logger = logger
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
        // It may have ended since the caller looked: an engine would wait for hosts that have nothing more to say.
        if let found = try await ledger.rollout(rollout.id.number), found.isFinished, let summary = found.summary {
            lock.release()
            return summary
        }
        let links = try SessionLinks(
            running: rollout.id,
            rollout.plan.kind,
            hosts: prepared.hosts,
            ledger: ledger,
            signer: try workspace.signer(of: ledger),
            fleet: credentials.fleet,
            identity: credentials.identity,
            anchors: credentials.anchors,
            artifacts: store,
            tool: tool,
            membership: MembershipKeeper(workspace, logger: logger),
            logger: logger
        )
        let engine = try RolloutEngine(
            rollout: rollout,
            state: try await ledger.state(of: rollout),
            ledger: ledger,
            links: links,
            orders: prepared.orders,
            gates: GateJudge(directory: workspace.directory),
            board: NoticeBoard(prepared.notify, logger: logger),
            logger: logger
        )
        let conduct = RolloutConduct(
            engine: engine,
            person: person,
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
