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

/// Real joining between `agent join` and `fleet serve` over TLS on loopback: what works, and what a crash leaves.
struct JoinTests {
    // MARK: What works

    @Test("A host becomes a member: files as by 'fleet host add', a key that stays there, and a record of each step")
    func join() async throws {
        let (site, host) = (try await Site(), try BareHost())
        let token = try await site.token()
        let outcome = try await site.serve { try await host.join(token, at: site.server.place) }
        guard case .joined(let until) = outcome else { return #expect(Bool(false), "\(outcome)") }

        #expect(try host.files() == site.memberFiles())
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
        #expect(try host.files() == site.memberFiles())
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
        #expect(try host.files() == site.memberFiles())
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
        #expect(try host.files() == site.memberFiles())
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
        #expect(try host.files() == site.memberFiles())
    }
}
