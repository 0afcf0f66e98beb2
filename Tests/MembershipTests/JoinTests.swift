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

/// Real joining between `agent join` and `fleet serve` over TLS on loopback: what works, and each attack on it.
struct JoinTests {
    /// Files of a member, as `fleet host add` lays them out.
    private static func layout(_ site: Site) throws -> [String: Int] {
        let ledger = try HostTrust.files(of: site.workspace)[0].path
        return [
            "etc/fleet/tls/ca.pem": 0o644, "etc/fleet/tls/cert.pem": 0o644, "etc/fleet/tls/key.pem": 0o600,
            "etc/fleet/trust/builders/development.json": 0o644, "etc/fleet/trust/\(ledger)": 0o644,
        ]
    }

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

    // MARK: What works

    @Test("A host becomes a member: files as by 'fleet host add', a key that stays there, and a record of each step")
    func join() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        let outcome = try await site.serve { try await host.join(token, at: site.server.place) }
        guard case .joined(let until) = outcome else { return #expect(Bool(false), "\(outcome)") }

        #expect(try host.files() == Self.layout(site))
        for (path, bytes) in try HostTrust.files(of: site.workspace) {
            #expect(try host.bytes("etc/fleet/trust/\(path)") == bytes)
        }
        let certificate = try #require(try site.agents().first)
        #expect(certificate.identity.uri == "spiffe://scratch/agent/web-1" && certificate.notAfter == until)
        #expect(try await host.peer().serial == certificate.serial)

        let key = String(decoding: try host.bytes("etc/fleet/tls/key.pem"), as: UTF8.self).split(separator: "\n")[1]
        for case let path as String in FileManager.default.enumerator(atPath: site.directory) ?? .init() {
            guard let data = FileManager.default.contents(atPath: "\(site.directory)/\(path)") else { continue }
            #expect(data.range(of: Data(key.utf8)) == nil, "the host's key is in \(path)")
        }

        #expect(try await site.issued(token).state(at: Site.now) == .used)
        let records = try await site.records()
        #expect(records.map(\.kind) == [.tokenMade, .tokenUsed, .hostAdded])
        #expect(records.map(\.by) == ["alice", "web-1", "web-1"])
        #expect(records[1].from == "127.0.0.1" && records[1].hosts == [token.host] && records[1].outcome == "done")
    }

    @Test("Where there is no agent.yml, one is written, last")
    func configured() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        // The root of this host's paths can't be said without a file, so the paths are given.
        var paths = AgentPaths()
        paths.authority = "\(host.root)/tls/ca.pem"
        paths.certificate = "\(host.root)/tls/cert.pem"
        paths.privateKey = "\(host.root)/tls/key.pem"
        paths.trust = "\(host.root)/trust"
        let join = try HostJoin(
            token,
            existing: nil,
            file: host.file,
            port: 9443,
            paths: paths,
            logger: host.log.logger("a")
        )
        _ = try await site.serve { try await join.run(at: site.server.place) }
        let configuration = try host.configuration()
        #expect(configuration.fleet == token.fleet && configuration.host == token.host)
        #expect(configuration.listen == HostPort(host: "::", port: 9443))
        #expect(try host.files()["tls/key.pem"] == 0o600)
    }

    @Test("A member that joins again changes nothing and spends nothing; with --replace it gets another certificate")
    func again() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let first = try await site.token()
        let (before, second) = try await site.serve {
            _ = try await host.join(first, at: site.server.place)
            let before = try host.bytes("etc/fleet/tls/key.pem")
            let second = try await site.token()
            guard case .member = try await host.join(second, at: site.server.place) else {
                throw Failure(.internalError, "joined again")
            }
            #expect(try host.bytes("etc/fleet/tls/key.pem") == before)
            #expect(try await site.issued(second).state(at: Site.now) == .open)
            guard case .joined = try await host.join(second, at: site.server.place, replacing: true) else {
                throw Failure(.internalError, "not joined again")
            }
            return (before, second)
        }
        #expect(try host.bytes("etc/fleet/tls/key.pem") != before)
        #expect(try await site.issued(second).state(at: Site.now) == .used)
        #expect(try site.agents().count == 2)
        #expect(try host.files() == Self.layout(site))
    }

    // MARK: Crashes

    @Test("A host that never heard the answer, or whose coordinator crashed between, asks again with the same key")
    func lostAnswer() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        try host.configure(as: "web-1")
        // What a crash after the token was spent leaves: a key there, and a token that is spent on it here.
        let new = try JoinStage(paths: host.configuration().paths).makeKey(for: token.id, of: token.host)
        let author = Author(name: "web-1", place: "127.0.0.1")
        let key = try SubjectKey.digest(ofRequest: new.request)
        _ = try await site.workspace.ledger().redeem(token.id, for: token.host, key: key, by: author, at: Site.now)
            .get()
        let before = String(decoding: try new.keyPEM().reveal(), as: UTF8.self)

        _ = try await site.serve { try await host.join(token, at: site.server.place) }
        #expect(String(decoding: try host.bytes("etc/fleet/tls/key.pem"), as: UTF8.self) == before)
        #expect(try host.files() == Self.layout(site))
    }

    @Test("An installation that is cut off is gone on with by the same command")
    func halfInstalled() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        try host.configure(as: "web-1")
        // A file where the directory of ledgers has to be: the disk says no in the middle.
        let obstacle = "\(host.root)/etc/fleet/tls/ca.pem"
        try FileManager.default.createDirectory(atPath: "\(obstacle)/x", withIntermediateDirectories: true)
        try await site.serve {
            let error = await #expect(throws: JoinError.self) { _ = try await host.join(token, at: site.server.place) }
            #expect(error?.code == .notInstalled)
            #expect(!FileManager.default.fileExists(atPath: "\(host.root)/etc/fleet/tls/cert.pem"))
            try FileManager.default.removeItem(atPath: obstacle)
            _ = try await host.join(token, at: site.server.place)
        }
        #expect(try host.files() == Self.layout(site))
        let serial = try await host.peer().serial
        #expect(try site.agents().contains { $0.serial == serial })
    }

    @Test("The key of another token is not gone on with")
    func otherStage() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let old = try await site.token()
        try host.configure(as: "web-1")
        let stale = try JoinStage(paths: host.configuration().paths).makeKey(for: old.id, of: old.host)
        let token = try await site.token()
        _ = try await site.serve { try await host.join(token, at: site.server.place) }
        #expect(try host.bytes("etc/fleet/tls/key.pem") != stale.keyPEM().reveal())
        #expect(try host.files() == Self.layout(site))
    }

    // MARK: Attacks

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
        #expect(try host.files() == Self.layout(site))
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
