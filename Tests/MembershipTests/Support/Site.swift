import Configuration
import Foundation
import Logging
import Model
import TLS
import Testing
import Trust

@testable import Agent
@testable import Coordinator

/// A coordinator that serves on a port of this machine, with its authority, ledger and trust, in a directory that goes away.
final class Site: Sendable {
    let directory: String
    let workspace: Workspace
    let server: FleetServer
    let log: CapturedLog

    static var now: WallTime { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    static let fleetFile = """
        fleet: scratch
        services:
          hello:
            environments:
              dev:
                hosts: [web-1]

        """

    init(_ fleetFile: String = Site.fleetFile) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/fleet-site-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = try #require(SmallFile.resolve(path))
        workspace = Workspace(fleetFile: "\(directory)/fleet.yml")
        try fleetFile.write(toFile: workspace.fleetFile, atomically: true, encoding: .utf8)
        _ = try WorkspaceSetup(workspace, fleet: nil, person: #require(OperatorName("alice")), at: Self.now).run()
        let place = workspace.layout.identity(of: .coordinator)
        try SmallFile.makeDirectory(place)
        try workspace.authority().issue(.coordinator, name: "main", now: Self.now).write(to: place)
        log = CapturedLog()
        let anyPort = HostPort(host: "127.0.0.1", port: 0)
        server = try await FleetServer(workspace, listen: anyPort, logger: log.logger("fleet"))
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Serves while `body` runs.
    func serve<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { [server] group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    func token(
        for host: String = "web-1",
        valid: TimeSpan = .hours(1),
        at time: WallTime = Site.now
    ) async throws -> JoinToken {
        let made = try await JoinTokens(workspace).make(for: HostID(parsing: host), valid: valid, at: time)
        // As it arrives: by its text.
        return try JoinToken(parsing: String(decoding: made.text().reveal(), as: UTF8.self))
    }

    func issued(_ token: JoinToken) async throws -> IssuedToken {
        try #require(try await JoinTokens(workspace).all().first { $0.id == token.id })
    }

    /// What the ledger says of tokens and hosts, in its order.
    func records() async throws -> [LedgerRecord] {
        try await workspace.ledger().recordBytes(after: 0, limit: 10_000)
            .map { try JSONDecoder().decode(LedgerRecord.self, from: Data($0)) }
            .filter { $0.kind.rawValue.hasPrefix("token.") || $0.kind == .hostAdded }
    }

    /// The members of this fleet's hosts, by the authority's own books.
    func agents() throws -> [CertificateSummary] {
        try workspace.authority().issued().filter { $0.identity.role == .agent }
    }

    /// Files of a member with their modes, as `fleet host add` lays them out.
    func memberFiles() throws -> [String: Int] {
        let ledger = try HostTrust.files(of: workspace)[0].path
        return [
            "etc/fleet/tls/ca.pem": 0o644, "etc/fleet/tls/cert.pem": 0o644, "etc/fleet/tls/key.pem": 0o600,
            "etc/fleet/trust/builders/development.json": 0o644, "etc/fleet/trust/\(ledger)": 0o644,
        ]
    }
}
