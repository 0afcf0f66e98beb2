import Logging
import Model
import NIOCore
import Protocol
import Session
import Synchronization
import TLS
import Testing

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
        let anchors = try scratch.workspace.authority().anchors
        let context = try TLSContext.server(identity: identity, trust: anchors, accepting: [.operator])
        let hello = Hello(software: "test", fleet: FleetName(validated: "scratch"), name: "h1")
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .tls(context),
            SessionConfiguration(hello: hello)
        )
        let ledger = try scratch.workspace.ledger()
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
}
