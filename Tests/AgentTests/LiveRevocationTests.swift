import Foundation
import Logging
import Model
import NIOCore
import Protocol
import Session
import TLS
import Testing

@testable import Agent

/// A stolen key against an agent that listens: useless from the moment in which the agent hears of it.
struct LiveRevocationTests {
    private let enrolled: EnrolledHost

    init() throws { enrolled = try EnrolledHost() }

    /// Answers what concerns identity, as the agent does.
    private struct Handler: SessionHandler {
        let identity: HostIdentity

        func handle(_ request: Request, _ call: Call) async throws -> Response {
            guard case .membership(let list) = request else { throw Problem.refused("not asked here") }
            if !list.isEmpty { try await identity.learn(list) }
            return .membership(await identity.membership)
        }
    }

    private func configuration(_ name: String) throws -> SessionConfiguration {
        SessionConfiguration(hello: Hello(software: "test", fleet: try FleetName(parsing: "test"), name: name))
    }

    private func client(_ identity: TLSIdentity) throws -> TLSContext {
        try .client(identity: identity, trust: enrolled.authority.anchors, accepting: [.agent]).expecting(peer: "web-1")
    }

    /// Runs `body` with the address of an agent that listens.
    private func withAgent(_ body: @escaping @Sendable (SocketAddress) async throws -> Void) async throws {
        let identity = try enrolled.identity()
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .endpoint(identity.endpoint),
            try configuration("web-1")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: Handler(identity: identity)) }
            defer { group.cancelAll() }
            try await body(listener.address)
        }
    }

    @Test("A thief who is connected is cut off, and comes back neither with the stolen key nor with an older list")
    func stolen() async throws {
        let (thief, ada) = (try enrolled.member(.operator, "eve"), try enrolled.member(.operator, "ada"))
        let empty = try enrolled.revoke("ff")
        let list = try enrolled.revoke(thief.certificate.serial)
        let (asThief, asAda) = (try client(thief), try client(ada))
        let (eve, operating) = (SessionDialer(try configuration("eve")), SessionDialer(try configuration("ada")))
        try await withAgent { address in
            let (connected, signal) = AsyncStream<Void>.makeStream()
            async let cut: SessionError? = {
                do {
                    try await eve.withSession(to: address, over: .tls(asThief)) { session in
                        _ = try await session.membership()
                        signal.yield()
                        try await session.reports { _ in }
                    }
                    return nil
                } catch let error as SessionError {
                    return error
                } catch {
                    return SessionError(.lost, peer: "web-1", advice: "\(error)")
                }
            }()
            for await _ in connected { break }
            let membership = try await operating.withSession(to: address, over: .tls(asAda)) { session in
                try await session.membership(revocations: list.pem)
            }
            #expect(membership.revocations == list.number)
            #expect(await cut != nil, "the session of the thief has ended")
            // With TLS 1.3 a client hears of its refusal with the first bytes that it reads.
            await #expect(throws: (any Error).self) {
                try await eve.withSession(to: address, over: .tls(asThief)) { try await $0.membership() }
            }
            try await operating.withSession(to: address, over: .tls(asAda)) { (session) async throws in
                let error = await #expect(throws: SessionError.self) {
                    try await session.membership(revocations: empty.pem)
                }
                #expect(error?.code == .refused)
                let after = try await session.membership()
                #expect(after.revocations == list.number)
            }
        }
    }
}
