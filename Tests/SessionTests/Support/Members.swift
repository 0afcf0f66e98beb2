import Foundation
import Model
import NIOCore
import Protocol
import TLS
import Testing

@testable import Session

/// The members of a test fleet, with certificates of its own authority.
final class Members: Sendable {
    static let fleet = "test"

    private let directory: String
    private let authority: CertificateAuthority

    init() throws {
        directory = NSTemporaryDirectory() + "fleet-session-" + UUID().uuidString
        authority = try .create(fleet: Self.fleet, directory: directory, now: Self.now)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private static var now: WallTime { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    static func peer(_ role: Role, _ name: String) throws -> PeerIdentity {
        try PeerIdentity(fleet: fleet, role: role, name: name)
    }

    func identity(_ role: Role, _ name: String) throws -> TLSIdentity {
        let issued = try authority.issue(role, name: name, now: Self.now)
        let key = try #require(issued.keyPEM)
        return try TLSIdentity(certificatePEM: Array(issued.certificatePEM.utf8), keyPEM: key.reveal())
    }

    func server(_ role: Role, _ name: String) throws -> SessionTransport {
        .tls(try .server(identity: identity(role, name), trust: authority.anchors, accepting: Set(Role.allCases)))
    }

    /// A listener that lets guests in, too.
    func hospitable(_ role: Role, _ name: String) throws -> SessionTransport {
        let context = try TLSContext.server(
            identity: identity(role, name),
            trust: authority.anchors,
            accepting: Set(Role.certified)
        )
        return .tls(context.admittingGuests(showing: authority.anchors))
    }

    /// Somebody without a certificate who knows the root's digest.
    func guest() throws -> SessionTransport {
        .tls(try .guest(of: Self.fleet, trusting: try #require(authority.anchors.fingerprint)))
    }

    func client(_ role: Role, _ name: String, to peer: String) throws -> SessionTransport {
        let context = try TLSContext.client(
            identity: identity(role, name),
            trust: authority.anchors,
            accepting: Set(Role.allCases)
        )
        return .tls(context.expecting(peer: peer))
    }

    static func configuration(_ name: String, versions: VersionRange = Dialogue.versions) throws -> SessionConfiguration
    {
        let fleet = try FleetName(parsing: Self.fleet)
        var configuration = SessionConfiguration(
            hello: Hello(versions: versions, software: "fleet of \(name)", fleet: fleet, name: name)
        )
        configuration.heartbeat = .seconds(3600)
        return configuration
    }
}
