import Configuration
import Foundation
import Model
import NIOCore
import Protocol
import Session
import TLS
import Testing
import Trust

@testable import Agent
@testable import Coordinator

/// What somebody may try who stands in the way of a joining, or has come by its token.
struct JoinAttackTests {
    /// The join fails with this code, and leaves nothing on the host.
    private func expectRefusal(
        _ code: JoinError.Code,
        saying words: String,
        on host: BareHost,
        at location: SourceLocation = #_sourceLocation,
        _ join: () async throws -> HostJoin.Outcome
    ) async throws {
        let error = await #expect(throws: JoinError.self, sourceLocation: location) { _ = try await join() }
        #expect(error?.code == code, "\(error.map { "\($0)" } ?? "")", sourceLocation: location)
        #expect(error?.advice.contains(words) == true, "\(error.map { "\($0)" } ?? "")", sourceLocation: location)
        #expect(try host.files().isEmpty, sourceLocation: location)
    }

    @Test("A token that was used is worth nothing to who has stolen it, and the theft is recorded")
    func stolen() async throws {
        let (site, host, thief) = (try await Site(), try BareHost(), try BareHost())
        let token = try await site.token()
        try await site.serve {
            _ = try await host.join(token, at: site.server.place)
            try await expectRefusal(.refused, saying: "was used at", on: thief) {
                try await thief.join(token, at: site.server.place)
            }
        }
        #expect(try site.agents().count == 1)
        let record = try #require(try await site.records().last)
        #expect(record.kind == .tokenRefused && record.from == "127.0.0.1")
        #expect(record.why?.contains("join.used") == true)
    }

    @Test("A man in the middle with another authority gets nothing, and the token is as good as before")
    func manInTheMiddle() async throws {
        let (site, impostor, host) = (try await Site(), try await Site(), try BareHost())
        let token = try await site.token()
        try await impostor.serve {
            try await expectRefusal(.unreachable, saying: "nothing was sent to it", on: host) {
                try await host.join(token, at: impostor.server.place)
            }
        }
        #expect(!impostor.log.lines.contains("join refused"))
        _ = try await site.serve { try await host.join(token, at: site.server.place) }
        #expect(try site.agents().count == 1)
    }

    @Test("Where somebody listens who lets nobody join, the host is told so")
    func deaf() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        let credentials = try site.workspace.credentials(as: .coordinator)
        let context = try TLSContext.server(
            identity: credentials.identity,
            trust: credentials.anchors,
            accepting: [.operator]
        )
        let listener = try await SessionListener.bind(
            to: SocketAddress(ipAddress: "127.0.0.1", port: 0),
            over: .tls(context),
            SessionConfiguration(hello: Hello(software: "x", fleet: credentials.fleet, name: credentials.name))
        )
        let place = HostPort(host: "127.0.0.1", port: try #require(listener.address.port))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await expectRefusal(.unreachable, saying: "lets no host join", on: host) {
                try await host.join(token, at: place)
            }
            group.cancelAll()
        }
    }

    @Test("A token makes nobody but its host a member, whoever holds it")
    func otherHost() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token(for: "web-1")
        // Whoever holds it may write another name into it; the coordinator knows for whom it was made.
        let text = String(decoding: try token.text().reveal(), as: UTF8.self)
        let json = String(decoding: try #require(Base64.decode(String(text.dropFirst(13)))), as: UTF8.self)
        let forged = json.replacingOccurrences(of: "web-1", with: "web-2")
        #expect(forged != json)
        let other = try JoinToken(parsing: text.prefix(13) + Base64.encode(Array(forged.utf8)))
        #expect(other.id == token.id)
        try await site.serve {
            try await expectRefusal(.refused, saying: "not for web-2", on: host) {
                try await host.join(other, at: site.server.place)
            }
        }
        #expect(try site.agents().isEmpty)
        #expect(try await site.issued(token).state(at: Site.now) == .open)
    }

    @Test("A host that is configured as another refuses the token before it asks anybody")
    func configuredOtherwise() async throws {
        let (site, host) = (try await Site(), try BareHost())
        try host.configure(as: "web-9")
        let token = try await site.token(for: "web-1")
        try await expectRefusal(.otherHost, saying: "web-9", on: host) {
            try await host.join(token, at: site.server.place)
        }
    }

    struct Spoilt: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let words: String
        let spoil: @Sendable (Site) async throws -> JoinToken
    }

    @Test(
        "A token that is over, taken back, replaced, or unknown here is refused by its rule, and nothing is issued",
        arguments: [
            Spoilt(testDescription: "expired", words: "the token ended at") { site in
                try await site.token(at: Site.now + .hours(-2))
            },
            Spoilt(testDescription: "revoked", words: "was revoked at") { site in
                let token = try await site.token()
                _ = try await JoinTokens(site.workspace).revoke("web-1", at: Site.now)
                return token
            },
            Spoilt(testDescription: "replaced by another", words: "was revoked at") { site in
                let token = try await site.token()
                _ = try await site.token()
                return token
            },
            Spoilt(testDescription: "unknown", words: "knows no such token") { site in
                let known = try await site.token()
                return try .make(
                    for: known.host,
                    of: known.fleet,
                    root: known.root,
                    trust: known.trust,
                    until: known.until
                )
            },
            Spoilt(testDescription: "made before a restored backup", words: "was revoked at") { site in
                let token = try await site.token()
                let author = Author(name: "alice", place: "here")
                try await site.workspace.ledger().revokeJoinTokens(by: author, at: Site.now, because: "restored")
                return token
            },
            Spoilt(testDescription: "made before the trust was changed", words: "has changed since the token") { site in
                let token = try await site.token()
                let builders = site.workspace.layout.builders
                try FileManager.default.copyItem(
                    atPath: site.workspace.layout.developmentBuilder,
                    toPath: "\(builders)/another.json"
                )
                return token
            },
        ]
    )
    func spoilt(_ row: Spoilt) async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await row.spoil(site)
        try await site.serve {
            try await expectRefusal(.refused, saying: row.words, on: host) {
                try await host.join(token, at: site.server.place)
            }
        }
        #expect(try site.agents().isEmpty)
    }

    @Test("A host whose clock is wrong is told so, and its token is as good as before", arguments: [-11, 11])
    func clock(_ minutes: Int64) async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        try await site.serve {
            try await expectRefusal(.refused, saying: "the host's clock says", on: host) {
                try await host.join(token, at: site.server.place, now: { Site.now + .minutes(minutes) })
            }
            _ = try await host.join(token, at: site.server.place)
        }
        #expect(try host.files() == site.memberFiles())
    }

    @Test("Who guesses tokens is not listened to after ten refusals, and nothing of it fills the ledger")
    func guessing() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        try await site.serve {
            for _ in 0..<JoinAttempts.most {
                let guess = try JoinToken.make(
                    for: token.host,
                    of: token.fleet,
                    root: token.root,
                    trust: token.trust,
                    until: token.until
                )
                try await expectRefusal(.refused, saying: "knows no such token", on: host) {
                    try await host.join(guess, at: site.server.place)
                }
            }
            try await expectRefusal(.refused, saying: "too many refusals", on: host) {
                try await host.join(token, at: site.server.place)
            }
        }
        #expect(try await site.records().map(\.kind) == [.tokenMade])
        #expect(try await site.issued(token).state(at: Site.now) == .open)
    }

    @Test("A proof that was overheard counts on no other connection")
    func replayed() async throws {
        let site = try await Site()
        let token = try await site.token()
        try await site.serve {
            let overheard = try await Self.asGuest(of: token, at: site.server.place) {
                try await Self.proof(of: token, in: $0)
            }
            let problem = try await Self.asGuest(of: token, at: site.server.place) { session in
                await #expect(throws: SessionError.self) { _ = try await session.join(overheard) }?.problem
            }
            #expect(problem?.code == "join.other_connection")
        }
        #expect(try site.agents().isEmpty)
        #expect(try await site.issued(token).state(at: Site.now) == .open)
    }

    @Test("Who knows the token's public key, but has no token, proves nothing")
    func unsigned() async throws {
        let site = try await Site()
        let token = try await site.token()
        let problem = try await site.serve {
            try await Self.asGuest(of: token, at: site.server.place) { session in
                let real = try await Self.proof(of: token, in: session)
                let forged = try SigningKey.generate().sign(Array("fleet join\n".utf8) + real.statement)
                let join = JoinRequest(statement: real.statement, token: real.token, signature: forged)
                return await #expect(throws: SessionError.self) { _ = try await session.join(join) }?.problem
            }
        }
        #expect(problem?.code == "join.unproven")
        #expect(try await site.issued(token).refusals == 0)
    }

    @Test("A guest may do nothing else at a coordinator")
    func others() async throws {
        let site = try await Site()
        let token = try await site.token()
        try await site.serve {
            let requests: [Request] = [
                .desk([1]), .status, .openBulk, .findArtifact(token.root), .membership(revocations: []),
            ]
            for request in requests {
                let problem = try await Self.asGuest(of: token, at: site.server.place) { session in
                    await #expect(throws: SessionError.self) { _ = try await session.request(request) }?.problem
                }
                #expect(problem?.code == "request.refused", "\(request)")
            }
        }
    }

    // MARK: Guests by hand

    private static func asGuest<Value: Sendable>(
        of token: JoinToken,
        at place: HostPort,
        _ body: @escaping @Sendable (Session) async throws -> Value
    ) async throws -> Value {
        let context = try TLSContext.guest(of: token.fleet.text, trusting: token.root)
        let hello = Hello(software: "test", fleet: token.fleet, name: "guest")
        return try await SessionDialer(SessionConfiguration(hello: hello))
            .withSession(host: place.host, port: place.port, over: .tls(context), body)
    }

    private static func proof(of token: JoinToken, in session: Session) async throws -> JoinRequest {
        let request = try NewIdentity(name: "x").request
        let binding = try await session.channelBinding()
        let signed = try JoinStatement(token, binding: binding, at: Site.now, request: request).signed(with: token)
        return JoinRequest(statement: signed.bytes, token: token.key.publicKey.der, signature: signed.signature)
    }
}
