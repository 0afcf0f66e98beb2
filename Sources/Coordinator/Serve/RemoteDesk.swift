internal import Artifacts
package import Configuration
internal import FoundationEssentials
package import Logging
package import Model
internal import Protocol
package import Rollout
internal import Session
internal import TLS
package import Trust

/// The desk of a coordinator that serves a team, asked over a session with role operator.
package struct RemoteDesk: Desk {
    private let workspace: Workspace
    private let place: HostPort
    private let dialer: SessionDialer
    private let context: TLSContext

    package let isServed = true

    package init(_ workspace: Workspace, at place: HostPort, logger: Logger) throws {
        self.workspace = workspace
        self.place = place
        let credentials = try workspace.credentials(as: .operator)
        context = try TLSContext.client(
            identity: credentials.identity,
            trust: credentials.anchors,
            accepting: [.coordinator]
        ).refusing(credentials.revocations)
        let hello = Hello(software: FleetVersion.text, fleet: credentials.fleet, name: credentials.name)
        var configuration = SessionConfiguration(hello: hello)
        configuration.logger = logger
        dialer = SessionDialer(configuration)
    }

    // MARK: Changing

    package func propose(_ change: Change) async throws -> Proposal {
        var change = change
        if case .deploy(var artifact) = change.kind {
            artifact.subject = try await send(artifact)
            change.kind = .deploy(artifact)
        }
        return try await one(.propose(change)) { if case .proposal(let proposal) = $0 { proposal } else { nil } }
    }

    /// Brings what lies here into the coordinator's store; what has a version there needs no bytes.
    private func send(_ request: ArtifactRequest) async throws -> ArtifactRequest.Subject {
        switch request.subject {
        case .version, .confirmed, .found: return request.subject
        case .directory(let path): return .found(try await send { try await $0.pack(path) })
        case .file(let path): return .found(try await send { try await $0.take(path, service: request.service) })
        }
    }

    private func send(
        _ find: (ArtifactFinder) async throws -> ArtifactCandidate
    ) async throws -> ArtifactCandidate {
        let tool = try UnpackTool.find()
        let store = try workspace.artifacts()
        let candidate = try await find(ArtifactFinder(store: store, tool: tool))
        let supply = ArtifactSupply(artifacts: store, tool: tool)
        try await withSession { session in
            guard try await session.findArtifact(candidate.artifact.digest) == .absent else { return }
            let shipment = try await supply.shipment(of: candidate.artifact)
            _ = try await session.sendArtifact(shipment.offer, from: shipment)
        }
        return candidate
    }

    package func open(_ plan: Digest) async throws -> StoredRollout {
        try await one(.open(plan: plan)) { if case .rollout(let rollout) = $0 { rollout } else { nil } }
    }

    package func conduct(
        _ rollout: StoredRollout,
        saying words: [OperatorWord],
        interruptions: AsyncStream<Void>,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        try await follow(.conduct(rollout: rollout.id.number, saying: words), news)
    }

    package func watch(
        _ rollout: StoredRollout,
        news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary { try await follow(.watch(rollout: rollout.id.number), news) }

    /// How long a coordinator may be away, for a restart or by the network's fault, before its watcher gives up.
    private static let patience = Duration.seconds(120)
    private static let interval = Duration.seconds(1)

    /// Hears the news to the end, also past a coordinator that is started again meanwhile.
    ///
    /// Words are said once: whether the coordinator took them before it was lost, the rollout itself shows.
    private func follow(
        _ question: DeskQuestion,
        _ news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        let heard = Collected<Void>()
        do {
            return try await hear(question) {
                await heard.add(())
                await news($0)
            }
        } catch let error as SessionError where error.isAbsence {
            guard await !heard.all.isEmpty else { throw error }
            await news(.remark("the coordinator is away: \(error); the rollout waits for it, and so do we"))
            return try await hearAgain(question.repetition, news, because: error)
        }
    }

    private func hearAgain(
        _ question: DeskQuestion,
        _ news: @escaping @Sendable (RolloutNews) async -> Void,
        because absence: SessionError
    ) async throws -> RolloutSummary {
        let clock = ContinuousClock()
        let deadline = clock.now + Self.patience
        while clock.now < deadline {
            try await clock.sleep(for: Self.interval)
            do {
                return try await follow(question, news)
            } catch let error as SessionError where error.isAbsence {
                continue
            }
        }
        throw absence
    }

    private func hear(
        _ question: DeskQuestion,
        _ news: @escaping @Sendable (RolloutNews) async -> Void
    ) async throws -> RolloutSummary {
        let summaries = Collected<RolloutSummary>()
        try await ask(question) { answer in
            switch answer {
            case .view(let view): await news(.view(view))
            case .announcement(let announcement, let time): await news(.announcement(announcement, at: time))
            case .summary(let summary): await summaries.add(summary)
            default: throw unexpected
            }
        }
        guard let summary = await summaries.all.last else { throw unexpected }
        return summary
    }

    // MARK: Approving

    package func approvals(of rollout: StoredRollout?) async throws -> [ApprovalRequest] {
        try await all(.approvals(rollout: rollout?.id.number)) {
            if case .approvalRequest(let request) = $0 { request } else { nil }
        }
    }

    package func approve(_ rollout: StoredRollout, signature: [UInt8]) async throws -> Approval {
        try await one(.approve(rollout: rollout.id.number, signature: signature)) {
            if case .approval(let approval) = $0 { approval } else { nil }
        }
    }

    package func withdrawApproval(of rollout: StoredRollout, because reason: String?) async throws {
        try await ask(.withdrawApproval(rollout: rollout.id.number, because: reason)) { _ in throw unexpected }
    }

    package func exportOrder(of rollout: StoredRollout) async throws -> ApprovedOrder {
        try await one(.exportOrder(rollout: rollout.id.number)) {
            if case .order(let order) = $0 { order } else { nil }
        }
    }

    // MARK: Looking

    package func rollouts(_ query: RolloutQuery) async throws -> [StoredRollout] {
        try await all(.rollouts(query)) { if case .rollout(let rollout) = $0 { rollout } else { nil } }
    }

    package func view(of rollout: StoredRollout) async throws -> RolloutView {
        try await one(.view(rollout: rollout.id.number)) { if case .view(let view) = $0 { view } else { nil } }
    }

    package func compare(_ comparison: ReleaseComparison) async throws -> ReleaseDifference {
        try await one(.compare(comparison)) { if case .difference(let found) = $0 { found } else { nil } }
    }

    package func environments(_ selection: Selection) async throws -> [Environment] {
        try await all(.environments(selection)) { if case .environment(let found) = $0 { found } else { nil } }
    }

    package func status(_ selection: Selection) async throws -> [HostStatus] {
        try await all(.status(selection)) { if case .host(let status) = $0 { status } else { nil } }
    }

    package func logs(
        _ query: HostLogQuery,
        _ each: @escaping @Sendable ([LogLine]) async throws -> Void
    ) async throws {
        try await ask(.logs(query)) { answer in
            guard case .logs(let lines) = answer else { throw unexpected }
            try await each(lines)
        }
    }

    package func unhold(_ host: HostID, _ service: ServiceName?) async throws -> [ServiceName] {
        try await all(.unhold(host, service)) { if case .service(let name) = $0 { name } else { nil } }
    }

    package func examine() async throws -> [Finding] {
        try await all(.examine) { if case .finding(let finding) = $0 { finding } else { nil } }
    }

    // MARK: Asking

    private func withSession(_ body: @escaping @Sendable (Session) async throws -> Void) async throws {
        try await dialer.withSession(host: place.host, port: place.port, over: .tls(context), body)
    }

    private func ask(
        _ question: DeskQuestion,
        _ each: @escaping @Sendable (DeskAnswer) async throws -> Void
    ) async throws {
        let bytes = Array(try JSONEncoder().encode(question))
        do {
            try await withSession { session in
                try await session.desk(bytes) {
                    try await each(try JSONDecoder().decode(DeskAnswer.self, from: Data($0)))
                }
            }
        } catch {
            throw DeskProblem.error(error)
        }
    }

    private func all<Value: Sendable>(
        _ question: DeskQuestion,
        _ pick: @escaping @Sendable (DeskAnswer) -> Value?
    ) async throws -> [Value] {
        let found = Collected<Value>()
        try await ask(question) { answer in
            guard let value = pick(answer) else { throw unexpected }
            await found.add(value)
        }
        return await found.all
    }

    private func one<Value: Sendable>(
        _ question: DeskQuestion,
        _ pick: @escaping @Sendable (DeskAnswer) -> Value?
    ) async throws -> Value {
        guard let value = try await all(question, pick).first else { throw unexpected }
        return value
    }

    private var unexpected: CoordinatorError {
        CoordinatorError(
            .coordinatorFailed,
            "\(place) answered something that this fleet (\(FleetVersion.text)) does not know; use the version that runs there"
        )
    }
}

extension SessionError {
    /// Whether the peer may be back soon.
    fileprivate var isAbsence: Bool {
        switch code {
        case .lost, .closed, .unreachable, .helloTimeout: true
        case .refused, .deadline, .wrongPeer, .versionUnsupported, .protocolViolation, .unexpectedAnswer, .full,
            .bulkUnavailable:
            false
        }
    }
}

extension DeskQuestion {
    /// The same for somebody who was cut off: nothing is said to the rollout a second time.
    fileprivate var repetition: Self {
        if case .conduct(let rollout, _) = self { .conduct(rollout: rollout, saying: []) } else { self }
    }
}

/// The answers to one question.
private actor Collected<Value: Sendable> {
    private(set) var all: [Value] = []

    func add(_ value: Value) { all.append(value) }
}
