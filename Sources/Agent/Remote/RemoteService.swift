internal import Activation
internal import Artifacts
internal import Configuration
internal import Model
internal import NIOCore
internal import Protocol
internal import Session
internal import TLS
internal import Trust

/// Answers coordinators and operators over a session.
struct RemoteService: SessionHandler {
    let agent: HostAgent
    let host: HostServices
    let journal: AgentJournal
    let feed: ReportFeed
    let identity: HostIdentity
    let facts: HostFactsReader
    let ledgers: LedgerGuard
    let trust: TrustKeeper

    func handle(_ request: Request, _ call: Call) async throws -> Response {
        switch request {
        case .command(let command): return .reply(try await perform(command))
        case .status: return .status(await agent.report())
        case .reports(let rollout):
            for await report in feed.follow() {
                try await call.send(.report(report))
                if let rollout { await agent.heard(rollout) }
            }
            return .ended
        case .facts: return .facts(try await facts.read())
        case .history(let query): return .history(try await history(query))
        case .figures(let service): return .figures(try await figures(of: service))
        case .logs(let query):
            try await LogStream(agent: agent, query: query).run { try await call.send(.logs($0)) }
            return .ended
        case .findArtifact(let digest): return .artifact(try await intake.find(digest))
        case .pushArtifact(let offer, _): return .artifact(try await intake.receive(offer, call))
        case .unhold(let service):
            let runner = try await agent.runner(of: service)
            let requester = Requester.local(LocalTicket.next(), user: call.peer.name)
            return .reply(try await runner.ask(requester, .local(.unhold, requester)))
        case .join: throw Problem.refused("this is an agent; only a coordinator that runs 'fleet serve' makes members")
        case .desk: throw Problem.refused("this is an agent; a coordinator that runs 'fleet serve' has a desk")
        case .checkpoints: return .checkpoints(try await journal.checkpoints())
        case .ledgerWord(let word):
            try await refusing { try await ledgers.take(word, at: host.clock.wall) }
            await agent.readLedgerRefusal()
            return .ended
        case .membership(let revocations):
            if !revocations.isEmpty { try await trusting { try await identity.learn(revocations) } }
            return .membership(await identity.membership)
        case .requestCertificate: return .certificateRequest(try await identity.request())
        case .installCertificate(let chain):
            try await trusting { try await identity.install(chain: chain) }
            return .membership(await identity.membership)
        case .receipts(let after): return .receipts(try await identity.signed(try await journal.receipts(after: after)))
        case .trust: return .trust(try await trust.state())
        case .publishTrust(let root): return .trust(try await take(root))
        case .openBulk, .dialBulk: throw Problem.refused("the session itself answers this")
        }
    }

    private var intake: ArtifactIntake {
        ArtifactIntake(host.artifacts, tool: host.tool) { [host] in try host.ingest($0.digest, size: $0.size) }
    }

    /// What the authority has not signed is refused by its own code.
    private func trusting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as TLSError {
            throw Problem(code: error.code.rawValue, message: "\(error)")
        }
    }

    /// Which rule a root breaks is an answer, not a failure of ours.
    private func take(_ root: [UInt8]) async throws -> TrustState {
        do {
            return try await trust.take(root)
        } catch {
            throw Problem.refused("\(error)")
        }
    }

    /// Hands a command to its service's machine; the answer comes when the machine has one.
    private func perform(_ command: HostCommand) async throws -> HostReply {
        let reading: Reading
        if case .claim(let claim) = command.request {
            do {
                reading = try await ledgers.judge(claim, command.history)
            } catch let failure as Failure {
                return .refused(failure)
            }
            await agent.readLedgerRefusal()
        } else {
            if let refusal = refusal(of: command) { return .refused(refusal) }
            reading = Self.read(command.request)
        }
        let runner = await agent.runner(of: command.service, in: command.environment)
        return try await runner.ask(.command(command.id), .command(command, reading))
    }

    /// Why a host whose policy demands approvals lets nobody take a service off it from afar; nil for all other commands.
    private func refusal(of command: HostCommand) -> Failure? {
        guard case .remove = command.request else { return nil }
        do {
            let approvals = try host.intake.approvals()
            guard let demand = approvals.demand(for: command.service, in: command.environment) else { return nil }
            return demand.failure(.removing)
        } catch {
            return error
        }
    }

    /// Tells the asking peer of a `Failure` in its own words.
    private func refusing(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let failure as Failure { throw Problem.refused("\(failure)") }
    }

    /// What stands in the signed bytes of a request; believed by nobody before it is verified.
    static func read(_ request: HostRequest) -> Reading {
        guard case .prepare(let material) = request else { return .nothing }
        do {
            let order = try CanonicalJSON.decode(Order.self, from: material.order)
            let release = try CanonicalJSON.decode(Release.self, from: material.release)
            let digest = SHA256.digest(of: material.release)
            let orderDigest = SHA256.digest(of: material.order)
            return .order(
                ReadOrder(order: order, release: release, releaseDigest: digest, orderDigest: orderDigest)
            )
        } catch {
            return .unreadable(Failure(.orderRefused, "the order can't be read: \(error)"))
        }
    }

    private func history(_ query: HistoryQuery) async throws -> [HistoryEntry] {
        let known = await agent.report().services.map(\.service)
        let services = query.service.map { [$0] } ?? known
        var entries: [HistoryEntry] = []
        for service in services { entries += try await journal.history(of: service, limit: query.limit) }
        return Array(entries.sorted { $0.endedAt > $1.endedAt }.prefix(query.limit))
    }
}
