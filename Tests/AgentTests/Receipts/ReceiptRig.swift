import Activation
import Configuration
import Coordinator
import Foundation
import Logging
import Model
import NIOCore
import Protocol
import Session
import Storage
import Synchronization
import TLS
import Testing
import Trust

@testable import Agent

/// An agent that listens on loopback, and a coordinator's ledger that asks it for receipts.
final class ReceiptRig: Sendable {
    /// What stands between the agent and whoever asks: the truth, or a lie about it.
    typealias Lie = @Sendable (ReceiptBatch, Liar) throws -> ReceiptBatch

    let enrolled: EnrolledHost
    let journal: AgentJournal
    private let identity: HostIdentity
    private let remote: RemoteService
    private let systemd: SilentSystemd
    private let sequence = Mutex<Int64>(0)

    init() async throws {
        enrolled = try EnrolledHost()
        systemd = try SilentSystemd()
        var configuration = enrolled.configuration
        configuration.paths.services = "\(enrolled.scratch.path)/srv"
        configuration.paths.trust = "\(enrolled.scratch.path)/trust"
        configuration.unpackTool = "/bin/true"
        let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let runtime = try await AgentRuntime(configuration, file: "agent.yml", logger: silent, way: systemd.address)
        let identity = try enrolled.identity()
        remote = RemoteService(runtime, configuration, identity: identity, logger: silent)
        journal = runtime.journal
        self.identity = identity
    }

    static let service = ServiceName(validated: "web")
    static let environment = EnvironmentName(validated: "production")

    static func release(_ number: Int) -> ReleaseID {
        ReleaseID(
            version: Version(validated: "1.\(number)"),
            digest: SHA256.digest(of: Array("release \(number)".utf8))
        )
    }

    func act(_ number: Int, _ outcome: HostAct.Outcome = .committed, by user: String = "root") -> HostAct {
        HostAct(
            service: Self.service,
            environment: Self.environment,
            outcome: outcome,
            purpose: .deploy,
            release: Self.release(number),
            running: Self.release(number),
            by: user,
            at: enrolled.now
        )
    }

    /// Stores the end of changes as the agent does.
    func end(_ acts: [HostAct], in journal: AgentJournal? = nil) async throws {
        let machine = ServiceMachine(
            host: enrolled.configuration.host,
            service: Self.service,
            environment: Self.environment
        )
        let last = sequence.withLock { $0 }
        let next = try await (journal ?? self.journal).store(machine, after: last, history: [], acts: acts)
        sequence.withLock { $0 = next }
    }

    var membership: Membership { get async { await identity.membership } }

    func ledger(_ name: String = "ledger") throws -> Ledger { try Ledger(path: "\(enrolled.scratch.path)/\(name).db") }

    /// What a liar has at hand.
    struct Liar: Sendable {
        let rig: ReceiptRig
        /// What the host was asked to go on from.
        var asked = ReceiptHead.none

        /// Signs as another member of the fleet, or as a host of another fleet.
        func batch(_ statements: [[UInt8]], as identity: TLSIdentity) throws -> ReceiptBatch {
            let key = try SigningKey(pem: try identity.pem().reveal())
            return ReceiptBatch(
                entries: try statements.map {
                    ReceiptBatch.Entry(statement: $0, signature: try ReceiptEnvelope.sign($0, with: key))
                },
                chain: try CertificateChain(identity).pem
            )
        }

        /// What the host itself would sign.
        func honestly(_ statements: [[UInt8]]) throws -> ReceiptBatch {
            let paths = rig.enrolled.configuration.paths
            return try batch(
                statements,
                as: try TLSIdentity(certificatePath: paths.certificate, keyPath: paths.privateKey)
            )
        }
    }

    private struct Handler: SessionHandler {
        let rig: ReceiptRig
        let lie: Lie

        func handle(_ request: Request, _ call: Call) async throws -> Response {
            let response = try await rig.remote.handle(request, call)
            guard case .receipts(let batch) = response, case .receipts(let asked) = request else { return response }
            return .receipts(try lie(batch, Liar(rig: rig, asked: asked)))
        }
    }

    /// Has the ledger ask the host, `times` times at once, with whatever lies between.
    func collect(
        into ledger: Ledger,
        times: Int = 1,
        revocations: RevocationList? = nil,
        allowance: ReceiptAllowance = ReceiptAllowance(),
        lie: @escaping Lie = { batch, _ in batch }
    ) async throws {
        let hello = Hello(software: "test", fleet: enrolled.configuration.fleet, name: "web-1")
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .endpoint(identity.endpoint),
            SessionConfiguration(hello: hello)
        )
        let operating = try enrolled.member(.operator, "ada")
        let context = try TLSContext.client(identity: operating, trust: enrolled.authority.anchors, accepting: [.agent])
            .expecting(peer: "web-1")
        let intake = ReceiptIntake(
            ledger,
            fleet: enrolled.configuration.fleet,
            anchors: enrolled.authority.anchors,
            revocations: { revocations },
            allowance: allowance,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let asking = Hello(software: "test", fleet: enrolled.configuration.fleet, name: "ada")
        let dialer = SessionDialer(SessionConfiguration(hello: asking))
        let address = listener.address
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: Handler(rig: self, lie: lie)) }
            defer { group.cancelAll() }
            try await dialer.withSession(to: address, over: .tls(context)) { session in
                let head = try await session.status().receipts
                await withDiscardingTaskGroup { group in
                    for _ in 0..<times { group.addTask { await intake.take(from: session, upTo: head) } }
                }
            }
        }
    }

    /// All records of a kind.
    static func records(_ kind: LedgerRecord.Kind, in ledger: Ledger) async throws -> [LedgerRecord] {
        try await ledger.recordBytes(after: 0, limit: 10_000)
            .map { try CanonicalJSON.decode(LedgerRecord.self, from: $0) }
            .filter { $0.kind == kind }
    }
}
