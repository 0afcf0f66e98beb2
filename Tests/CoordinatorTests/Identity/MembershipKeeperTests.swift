import Foundation
import Logging
import Model
import NIOCore
import Protocol
import Session
import Synchronization
import TLS
import Testing

@testable import Coordinator

/// Renewal and revocation from the coordinator's side, against an agent on loopback.
struct MembershipKeeperTests {
    private let scratch: ScratchWorkspace
    private let keeper: MembershipKeeper

    init() throws {
        scratch = try ScratchWorkspace()
        try scratch.setUp()
        keeper = MembershipKeeper(scratch.workspace, logger: TestLog.silent)
    }

    /// Answers as an agent does, and remembers what it was brought.
    private final class FakeAgent: SessionHandler {
        let seen = Mutex<(lists: [[UInt8]], chains: [[UInt8]], pending: NewIdentity?)>(([], [], nil))
        let certificate: Validity
        let serial: String

        init(_ identity: TLSIdentity) {
            certificate = identity.certificate.validity
            serial = identity.certificate.serial
        }

        func handle(_ request: Request, _ call: Call) async throws -> Response {
            switch request {
            case .membership(let list):
                if !list.isEmpty { seen.withLock { $0.lists.append(list) } }
                return .membership(Membership(serial: serial, certificate: certificate, revocations: 0))
            case .requestCertificate:
                let new = try NewIdentity(name: "h1")
                seen.withLock { $0.pending = new }
                return .certificateRequest(new.request)
            case .installCertificate(let chain):
                seen.withLock { $0.chains.append(chain) }
                let pending = seen.withLock { $0.pending }
                let identity = try #require(try pending?.completed(chain: chain))
                return .membership(
                    Membership(
                        serial: identity.certificate.serial,
                        certificate: identity.certificate.validity,
                        revocations: 0
                    )
                )
            case _: throw Problem.refused("not asked here")
            }
        }
    }

    /// Runs `body` with a session with an agent that has this identity.
    private func withAgent<Value: Sendable>(
        _ identity: TLSIdentity,
        _ body: @escaping @Sendable (FakeAgent, HostDialer, Model.Host) async throws -> Value
    ) async throws -> Value {
        let agent = FakeAgent(identity)
        let hello = Hello(software: "test", fleet: try FleetName(parsing: "scratch"), name: identity.peer.name)
        let anchors = try scratch.workspace.authority().anchors
        let context = try TLSContext.server(identity: identity, trust: anchors, accepting: Set(Role.allCases))
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .tls(context),
            SessionConfiguration(hello: hello)
        )
        let host = Model.Host(
            id: try HostID(parsing: identity.peer.name),
            address: "127.0.0.1",
            port: listener.address.port ?? 0
        )
        let dialer = try HostDialer(
            try scratch.workspace.credentials(),
            membership: keeper,
            logger: TestLog.silent
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: agent) }
            defer { group.cancelAll() }
            return try await body(agent, dialer, host)
        }
    }

    private func identity(_ name: String, validity: TimeSpan = .days(90), age: TimeSpan = .zero) throws -> TLSIdentity {
        let begin = ScratchWorkspace.now + age * -1
        let issued = try scratch.workspace.authority().issue(.agent, name: name, validity: validity, now: begin)
        return try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: try #require(issued.keyPEM).reveal()
        )
    }

    @Test("A certificate in its last third is renewed by whatever asks the host something, a fresh one is not")
    func renewal() async throws {
        for (age, renewals) in [(TimeSpan.days(61), 1), (.days(10), 0)] {
            let chains = try await withAgent(identity("h1", age: age)) { agent, dialer, host in
                try await dialer.withSession(host) { _ in }
                return agent.seen.withLock { $0.chains }
            }
            #expect(chains.count == renewals)
            guard let chain = chains.first else { continue }
            let newest = try scratch.workspace.authority().issued().newestPerIdentity
            let summary = try #require(newest.first { $0.identity.name == "h1" })
            #expect(summary.identity.role == .agent)
            #expect(summary.validity.state(at: ScratchWorkspace.now) == .fine)
            #expect(String(decoding: chain, as: UTF8.self).components(separatedBy: "BEGIN CERTIFICATE").count == 3)
        }
    }

    @Test("All are renewed when somebody says so")
    func all() async throws {
        let keeper = keeper
        let tended = try await withAgent(identity("h1")) { _, dialer, host in
            try await dialer.withSession(host) { await keeper.tend($0, .all) }
        }
        #expect(tended.isRenewed)
        #expect(tended.problem == nil)
    }

    @Test("Without the authority an agent is asked for nothing, and it is said why")
    func elsewhere() async throws {
        let identity = try identity("h1", age: .days(61))
        let place = scratch.workspace.layout.authority
        try FileManager.default.copyItem(atPath: place, toPath: "\(place).away")
        let keeper = keeper
        let tended = try await withAgent(identity) { agent, dialer, host in
            try FileManager.default.removeItem(atPath: place)
            return try await dialer.withSession(host) { await keeper.tend($0) }
        }
        #expect(!tended.isRenewed)
        #expect(tended.problem?.contains("where the authority is") == true)
    }

    @Test("Every session brings the revocations, and a revoked agent gets none")
    func revocations() async throws {
        let (good, stolen) = (try identity("h1"), try identity("h2"))
        let authority = try scratch.workspace.authority()
        let list = try authority.revoke(
            serials: [stolen.certificate.serial],
            reason: .keyCompromise,
            now: ScratchWorkspace.now
        )
        let lists = try await withAgent(good) { agent, dialer, host in
            try await dialer.withSession(host) { _ in }
            return agent.seen.withLock { $0.lists }
        }
        #expect(lists == [list.pem])
        let error = await #expect(throws: TLSError.self) {
            try await withAgent(stolen) { _, dialer, host in try await dialer.withSession(host) { _ in } }
        }
        #expect(error?.code == .certificateRevoked)
    }

    @Test("A list that others could have written is not gone by, and not passed over")
    func forged() throws {
        let other = try ScratchWorkspace()
        try other.setUp()
        let foreign = try other.workspace.authority().revoke(
            serials: ["aa"],
            reason: .unspecified,
            now: ScratchWorkspace.now
        )
        try Data(foreign.pem).write(to: URL(fileURLWithPath: scratch.workspace.layout.operatorRevocations))
        let error = #expect(throws: TLSError.self) { try scratch.workspace.credentials() }
        #expect(error?.code == .revocationsInvalid)
    }

    @Test("A host that is enrolled gets the list with its certificate")
    func enrolled() throws {
        let authority = try scratch.workspace.authority()
        let host = try #require(HostID("web-1"))
        func files() throws -> [HostMaterial.File] {
            try HostMaterial.make(host, in: scratch.workspace, port: 7443, at: ScratchWorkspace.now).files
        }
        #expect(try !files().contains { $0.path.hasSuffix("crl.pem") })
        let list = try authority.revoke(serials: ["aa"], reason: .unspecified, now: ScratchWorkspace.now)
        #expect(try files().first { $0.path.hasSuffix("/tls/crl.pem") }?.bytes == list.pem)
    }
}
