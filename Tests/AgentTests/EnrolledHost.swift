import Configuration
import Foundation
import Logging
import Model
import TLS
import Testing

@testable import Agent

/// A host as enrolment leaves it, and the authority of its fleet.
struct EnrolledHost: Sendable {
    let scratch: Scratch
    let authority: CertificateAuthority
    let configuration: AgentConfiguration
    let now: WallTime

    init() throws {
        scratch = Scratch()
        now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        authority = try .create(fleet: "test", directory: "\(scratch.path)/ca", now: now)
        let host = try HostID(parsing: "web-1")
        var configuration = AgentConfiguration(fleet: try FleetName(parsing: "test"), host: host)
        let directory = "\(scratch.path)/etc"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        configuration.paths.authority = "\(directory)/ca.pem"
        configuration.paths.certificate = "\(directory)/cert.pem"
        configuration.paths.privateKey = "\(directory)/key.pem"
        configuration.paths.state = "\(scratch.path)/state"
        self.configuration = configuration
        try authority.issue(.agent, name: "web-1", now: now + .days(-1)).write(to: directory)
    }

    /// What the agent makes of its files.
    func identity() throws -> HostIdentity {
        try HostIdentity(configuration, clock: HostClock(bootID: "b"), logger: Logger(label: "test"))
    }

    func member(_ role: Role, _ name: String) throws -> TLSIdentity {
        let issued = try authority.issue(role, name: name, now: now)
        let key = try #require(issued.keyPEM)
        return try TLSIdentity(certificatePEM: Array(issued.certificatePEM.utf8), keyPEM: key.reveal())
    }

    func revoke(_ serial: String) throws -> RevocationList {
        try authority.revoke(serials: [serial], reason: .keyCompromise, now: now)
    }

    /// Takes away what enrolment has brought, to enrol anew.
    func forget() throws {
        for name in ["ca.pem", "cert.pem", "key.pem"] {
            try FileManager.default.removeItem(atPath: "\(scratch.path)/etc/\(name)")
        }
    }
}
