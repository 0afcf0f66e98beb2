package import Artifacts
package import Logging
package import Model
internal import Protocol
internal import Session
package import TLS

/// Sessions with agents that listen, over mutual TLS; each is dialled again until the rollout ends.
package actor SessionLinks: AgentLinks {
    private let rollout: RolloutID
    private let hosts: [Host]
    private let context: TLSContext
    private let dialer: SessionDialer
    private let supply: ArtifactSupply
    private let proof: LedgerProof
    private let membership: MembershipKeeper?
    private let receipts: ReceiptIntake
    /// Hosts whose agent keeps receipts, by its own word.
    private var attesting: Set<Int> = []
    private let logger: Logger
    private var sessions: [Int: Session] = [:]
    /// Each delivery has a connection of its own, with its buffers; more at once would not be faster.
    private let deliveries = CreditGate(credit: 64)

    /// Takes what every session needs; `hosts` are in the order of the plan of `rollout`, `membership` looks after each session
    /// as long as it lasts.
    package init(
        running rollout: RolloutID,
        _ kind: Plan.Kind,
        hosts: [Host],
        ledger: Ledger,
        signer: LedgerSigner,
        fleet: FleetName,
        identity: TLSIdentity,
        anchors: TrustAnchors,
        artifacts: ContentStore,
        tool: UnpackTool,
        membership: MembershipKeeper? = nil,
        logger: Logger
    ) throws {
        self.rollout = rollout
        self.hosts = hosts
        proof = LedgerProof(ledger: ledger, signer: signer, purpose: kind.purpose)
        self.membership = membership
        receipts = ReceiptIntake(
            ledger,
            fleet: fleet,
            anchors: anchors,
            revocations: { try membership?.revocations() },
            logger: logger
        )
        self.logger = logger
        context = try TLSContext.client(identity: identity, trust: anchors, accepting: [.agent])
        let hello = Hello(software: FleetVersion.text, fleet: fleet, name: identity.peer.name)
        var configuration = SessionConfiguration(hello: hello)
        configuration.logger = logger
        dialer = SessionDialer(configuration)
        supply = ArtifactSupply(artifacts: artifacts, tool: tool)
    }

    package func run(_ tell: @escaping @Sendable (LinkNews) async -> Void) async {
        await withDiscardingTaskGroup { group in
            for host in hosts.indices { group.addTask { await self.keep(host, tell) } }
        }
    }

    /// First pause after a session ended, in milliseconds; each further one is longer.
    private static let firstPause = 100
    /// Longest pause between two attempts, in milliseconds.
    private static let longestPause = 2000

    /// Dials one host again and again.
    private func keep(_ host: Int, _ tell: @escaping @Sendable (LinkNews) async -> Void) async {
        var pause = Self.firstPause
        var isKnownLost = false
        while !Task.isCancelled {
            do {
                let endpoint = TLSEndpoint(try accepting(hosts[host].id))
                try await dialer.withSession(
                    host: hosts[host].address,
                    port: hosts[host].port,
                    over: .endpoint(endpoint)
                ) { [membership] session in
                    await self.begin(session, with: host)
                    await tell(.connected(host: host))
                    // Ends with the reports, also when an agent that stops ends them in good order.
                    async let _: Void? = membership?.follow(session, on: endpoint)
                    try await session.reports(running: self.rollout) { numbered in
                        // First what has happened by the host's own signature, then what is made of it.
                        await self.takeReceipts(of: host, upTo: numbered.report.receipts)
                        await tell(.reported(host: host, numbered.report))
                    }
                }
            } catch {
                let wasUp = sessions.removeValue(forKey: host) != nil
                if wasUp { (pause, isKnownLost) = (Self.firstPause, false) }
                logger.debug("no session", metadata: ["host": "\(hosts[host].id)", "error": "\(error)"])
                if !isKnownLost, !Task.isCancelled { await tell(.lost(host: host, reason: "\(error)")) }
                isKnownLost = true
            }
            // A little disorder keeps a thousand agents from being dialled at the same moment.
            let wait = Int.random(in: pause / 2...pause)
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }  // cancelled
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// What to dial a host with: it, and nobody whom the latest list names.
    private func accepting(_ host: HostID) throws -> TLSContext {
        context.expecting(peer: host.text).refusing(try membership?.revocations())
    }

    private func begin(_ session: Session, with host: Int) { sessions[host] = session }

    private func takeReceipts(of host: Int, upTo head: ReceiptHead?) async {
        guard let head, let session = sessions[host] else { return }
        attesting.insert(host)
        await receipts.take(from: session, upTo: head)
    }

    private func session(with host: Int) throws -> Session {
        if let session = sessions[host] { return session }
        throw SessionError(.lost, peer: "\(hosts[host].id)", advice: "there is no session with it now")
    }

    package func perform(_ command: HostCommand, on host: Int) async throws -> HostReply {
        let session = try session(with: host)
        guard case .claim = command.request else {
            let reply = try await session.command(command)
            // The receipt stands in the ledger before what it is the proof of.
            if reply.isEnd, attesting.contains(host) { await receipts.take(from: session) }
            return reply
        }
        var command = command
        for _ in 1..<Self.proofAttempts {
            command.history = try await proof.history(for: session)
            let reply = try await session.command(command)
            guard case .refused(let failure) = reply, failure.code == .ledgerMoved else { return reply }
        }
        command.history = try await proof.history(for: session)
        return try await session.command(command)
    }

    /// A rollout of another service of the host may move it on between its word and our proof.
    private static let proofAttempts = 5

    package func figures(of service: ServiceName, on host: Int, within limit: Duration) async throws -> UnitFigures {
        try await session(with: host).figures(of: service, within: limit)
    }

    package func deliver(_ artifact: Artifact, to host: Int) async throws {
        let session = try session(with: host)
        guard try await session.findArtifact(artifact.digest) == .absent else { return }
        _ = try await deliveries.take(least: 1, most: 1)
        defer { deliveries.grant(1) }
        do {
            let shipment = try await supply.shipment(of: artifact)
            _ = try await session.sendArtifact(shipment.offer, from: shipment)
        } catch let error as ArtifactError {
            throw Failure(.artifactMissing, "\(error)")
        } catch let error as SessionError where error.code == .refused {
            throw Failure(.artifactRefused, "\(error)")
        }
    }
}

extension HostReply {
    /// Whether a change has ended with it, of which there is a receipt then.
    fileprivate var isEnd: Bool {
        switch self {
        case .committed, .reverted, .stuck: true
        case .claimState, .claimed, .released, .prepared, .migrated, .awaitingCommit, .discarded, .confirmed, .refused:
            false
        }
    }
}
