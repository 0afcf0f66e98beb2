import Logging
import Model
import NIOCore
import Protocol
import Session
import Synchronization
import TLS
import Testing
import Trust

@testable import Coordinator

/// Sessions of a rollout with an agent on loopback.
struct SessionLinksTests {
    /// Ends its reports at once, as an agent does that is stopped in good order.
    private struct StoppingAgent: SessionHandler {
        let identity: TLSIdentity

        func handle(_ request: Request, _ call: Call) async throws -> Response {
            switch request {
            case .reports: return .ended
            case .membership:
                let certificate = identity.certificate
                return .membership(
                    Membership(serial: certificate.serial, certificate: certificate.validity, revocations: 0)
                )
            case _: throw Problem.refused("not asked here")
            }
        }
    }

    @Test("An agent that ends its reports in good order is dialled again", .timeLimit(.minutes(1)))
    func again() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let issued = try scratch.workspace.authority().issue(.agent, name: "h1", now: ScratchWorkspace.now)
        let identity = try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: try #require(issued.keyPEM).reveal()
        )
        let (listener, links) = try await connect(scratch, identity, try scratch.workspace.ledger())
        let (connections, counter) = AsyncStream<Void>.makeStream()
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: StoppingAgent(identity: identity)) }
            group.addTask {
                await links.run { news in
                    if case .connected = news { counter.yield() }
                }
            }
            var seen = connections.makeAsyncIterator()
            for _ in 0..<2 { await seen.next() }
            group.cancelAll()
        }
    }

    /// Commits whatever it is told to, and has a receipt of it from then on.
    private struct AttestingAgent: SessionHandler {
        let identity: TLSIdentity
        let release: ReleaseID
        let batch: ReceiptBatch

        func handle(_ request: Request, _ call: Call) async throws -> Response {
            switch request {
            case .reports:
                let report = HostReport(
                    host: HostID(validated: "h1"),
                    bootID: "b",
                    agentVersion: "test",
                    at: ScratchWorkspace.now,
                    freeDisk: .mebibytes(1),
                    services: [],
                    receipts: ReceiptHead.none
                )
                try await call.send(.report(NumberedReport(sequence: 1, report: report)))
                try await Task.sleep(for: .seconds(3600))
                return .ended
            case .membership:
                let certificate = identity.certificate
                return .membership(
                    Membership(serial: certificate.serial, certificate: certificate.validity, revocations: 0)
                )
            case .command: return .reply(.committed(release))
            case .receipts(let known):
                return .receipts(known == .none ? batch : ReceiptBatch(entries: [], chain: batch.chain))
            case _: throw Problem.refused("not asked here")
            }
        }
    }

    @Test("A host's receipt is in the ledger before anybody hears that its change has ended", .timeLimit(.minutes(1)))
    func receiptFirst() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let ledger = try scratch.workspace.ledger()
        let host = HostID(validated: "h1")
        let release = ReleaseID(version: Version(validated: "1.0"), digest: SHA256.digest(of: [1]))
        let service = ServiceName(validated: "hello")
        let place = EnvironmentName(validated: "dev")
        let id = RequestID(rollout: RolloutID(ledger: ledger.id, number: 1), epoch: Epoch(1), sequence: 1)
        let act = HostAct(
            service: service,
            environment: place,
            outcome: .committed,
            purpose: .deploy,
            release: release,
            running: release,
            request: id,
            by: "alice",
            at: ScratchWorkspace.now
        )
        let issued = try scratch.workspace.authority().issue(.agent, name: "h1", now: ScratchWorkspace.now)
        let identity = try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: try #require(issued.keyPEM).reveal()
        )
        let statement = try CanonicalJSON.encode(Receipt(host: host, sequence: 1, previous: nil, act: act))
        let key = try SigningKey(pem: try identity.pem().reveal())
        let entry = ReceiptBatch.Entry(statement: statement, signature: try ReceiptEnvelope.sign(statement, with: key))
        let batch = ReceiptBatch(entries: [entry], chain: try CertificateChain(identity).pem)
        let agent = AttestingAgent(identity: identity, release: release, batch: batch)
        let (listener, links) = try await connect(scratch, identity, ledger)
        let (reports, seen) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: agent) }
            group.addTask { await links.run { if case .reported = $0 { seen.yield() } } }
            defer { group.cancelAll() }
            for await _ in reports { break }
            let before = try await ledger.receiptHead(of: host)
            #expect(before == .none)
            let command = HostCommand(
                id: id,
                service: service,
                environment: place,
                request: .commit(release: release.digest)
            )
            let reply = try await links.perform(command, on: 0)
            let after = try await ledger.receiptHead(of: host)
            #expect(reply == .committed(release) && after.sequence == 1)
        }
    }

    /// An agent's listener with this identity, and the sessions of a rollout over it alone.
    private func connect(
        _ scratch: ScratchWorkspace,
        _ identity: TLSIdentity,
        _ ledger: Ledger
    ) async throws -> (SessionListener, SessionLinks) {
        let anchors = try scratch.workspace.authority().anchors
        let context = try TLSContext.server(identity: identity, trust: anchors, accepting: [.operator])
        let hello = Hello(software: "test", fleet: FleetName(validated: "scratch"), name: "h1")
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .tls(context),
            SessionConfiguration(hello: hello)
        )
        let credentials = try scratch.workspace.credentials()
        let links = try SessionLinks(
            running: RolloutID(ledger: ledger.id, number: 1),
            .deploy,
            hosts: [
                Host(id: HostID(validated: "h1"), address: "127.0.0.1", port: try #require(listener.address.port))
            ],
            ledger: ledger,
            signer: try scratch.workspace.signer(of: ledger),
            fleet: credentials.fleet,
            identity: credentials.identity,
            anchors: credentials.anchors,
            artifacts: try scratch.workspace.artifacts(),
            tool: try ScratchWorkspace.tool(),
            membership: MembershipKeeper(scratch.workspace, logger: TestLog.silent),
            logger: TestLog.silent
        )
        return (listener, links)
    }
}
