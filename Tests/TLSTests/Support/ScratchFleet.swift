import Foundation
import Model

@testable import TLS

/// A certificate authority in a scratch directory that goes away with this object.
final class ScratchFleet {
    let directory: String
    let authority: CertificateAuthority

    static var now: WallTime { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    init(
        _ fleet: String = "test",
        validity: TimeSpan = CertificateAuthority.rootValidity,
        now: WallTime = ScratchFleet.now
    ) throws {
        directory = try Self.scratch()
        authority = try .create(fleet: fleet, directory: "\(directory)/ca", validity: validity, now: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The first intermediate, for the openssl commands.
    var intermediate: String { "\(directory)/ca/intermediate/1/cert.pem" }
    var intermediateKey: String { "\(directory)/ca/intermediate/1/key.pem" }

    static func scratch() throws -> String {
        let path = NSTemporaryDirectory() + "fleet-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func identity(
        _ role: Role,
        _ name: String,
        validity: TimeSpan = .days(30),
        now: WallTime = ScratchFleet.now
    ) throws -> TLSIdentity {
        let issued = try authority.issue(role, name: name, validity: validity, now: now)
        let key = try require2(issued.keyPEM)
        return try TLSIdentity(certificatePEM: Array(issued.certificatePEM.utf8), keyPEM: key.reveal())
    }

    /// Files for the openssl commands; answers the directory that holds ca.pem, cert.pem and key.pem.
    func files(_ role: Role, _ name: String) throws -> String {
        let path = "\(directory)/\(role)-\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try authority.issue(role, name: name, now: Self.now).write(to: path)
        return path
    }

    /// What an agent listens with.
    func server(_ identity: TLSIdentity? = nil, accepting roles: Set<Role> = [.coordinator, .operator]) throws
        -> TLSContext
    {
        try .server(identity: identity ?? self.identity(.agent, "web-1"), trust: authority.anchors, accepting: roles)
    }

    /// What a coordinator dials with.
    func client(_ identity: TLSIdentity? = nil, accepting roles: Set<Role> = [.agent]) throws -> TLSContext {
        try .client(identity: identity ?? self.identity(.coordinator, "c1"), trust: authority.anchors, accepting: roles)
    }
}

private struct MissingValue: Error {}

private func require2<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingValue() }
    return value
}
