import Configuration
import Foundation
import Logging
import Model
import Protocol
import TLS
import Testing

@testable import Agent

/// What an agent believes of what sessions bring: certificates for itself, and revocations.
struct HostIdentityTests {
    private let enrolled: EnrolledHost
    private var scratch: Scratch { enrolled.scratch }
    private var authority: CertificateAuthority { enrolled.authority }
    private var configuration: AgentConfiguration { enrolled.configuration }
    private var now: WallTime { enrolled.now }

    init() throws { enrolled = try EnrolledHost() }

    private func identity() throws -> HostIdentity { try enrolled.identity() }

    private func certify(
        _ request: [UInt8],
        name: String = "web-1",
        by other: CertificateAuthority? = nil
    ) throws -> [UInt8] {
        let issued = try (other ?? authority).issue(.agent, name: name, key: .request(pem: request), now: now)
        return Array(issued.certificatePEM.utf8)
    }

    @Test("A renewed certificate is shown at once and after a restart, and the key was made here")
    func renewed() async throws {
        let identity = try identity()
        let before = await identity.membership
        let request = try await identity.request()
        #expect(!String(decoding: request, as: UTF8.self).contains("PRIVATE"))
        try await identity.install(chain: certify(request))
        let after = await identity.membership
        #expect(after.serial != before.serial)
        #expect(after.certificate.notAfter > before.certificate.notAfter)
        #expect(try await self.identity().membership == after)
        let stored = "\(configuration.paths.state)/tls/identity.pem"
        let mode = try FileManager.default.attributesOfItem(atPath: stored)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("Enrolling anew counts over a renewal before it, and a half-written renewal counts for nothing")
    func newest() async throws {
        let identity = try identity()
        try await identity.install(chain: certify(try await identity.request()))
        let renewed = await identity.membership
        try enrolled.forget()
        try authority.issue(.agent, name: "web-1", now: now + .minutes(1)).write(to: "\(scratch.path)/etc")
        #expect(try await self.identity().membership.serial != renewed.serial)
        let stored = "\(configuration.paths.state)/tls/identity.pem"
        let whole = try Data(contentsOf: URL(fileURLWithPath: stored))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: stored))
        _ = try self.identity()
    }

    @Test("A renewal of another fleet's root is forgotten")
    func otherFleet() async throws {
        let first = try identity()
        try await first.install(chain: certify(try await first.request()))
        let renewed = await first.membership
        let other = try CertificateAuthority.create(fleet: "test", directory: "\(scratch.path)/ca2", now: now)
        try enrolled.forget()
        try other.issue(.agent, name: "web-1", now: now + .days(-9)).write(to: "\(scratch.path)/etc")
        #expect(try await identity().membership.serial != renewed.serial)
    }

    @Test(
        "A certificate that is not for this host's new key, by its root and in force, is refused, and nothing changes",
        arguments: ["other host", "other root", "other key", "without a request", "revoked", "expired"]
    )
    func refused(_ kind: String) async throws {
        let identity = try identity()
        let before = await identity.membership
        let request = try await identity.request()
        let chain: [UInt8]
        switch kind {
        case "other host": chain = try certify(request, name: "web-2")
        case "other root":
            let other = try CertificateAuthority.create(fleet: "test", directory: "\(scratch.path)/ca2", now: now)
            chain = try certify(request, by: other)
        case "other key": chain = try certify(try NewIdentity(name: "web-1").request)
        case "without a request":
            chain = try certify(request)
            let error = await #expect(throws: TLSError.self) { try await self.identity().install(chain: chain) }
            #expect(error?.code == .keyMismatch)
            return
        case "revoked":
            let issued = try authority.issue(.agent, name: "web-1", key: .request(pem: request), now: now)
            let list = try authority.revoke(serials: [issued.summary.serial], reason: .superseded, now: now)
            try await identity.learn(list.pem)
            chain = Array(issued.certificatePEM.utf8)
        case _:
            let past = now + .days(-20)
            let issued = try authority.issue(
                .agent,
                name: "web-1",
                key: .request(pem: request),
                validity: .days(2),
                now: past
            )
            chain = Array(issued.certificatePEM.utf8)
        }
        await #expect(throws: TLSError.self) { try await identity.install(chain: chain) }
        #expect(await identity.membership.serial == before.serial)
        #expect(!FileManager.default.fileExists(atPath: "\(configuration.paths.state)/tls/identity.pem"))
    }

    @Test("Revocations are kept over a restart, and an older list changes nothing")
    func revocations() async throws {
        let identity = try identity()
        let one = try authority.revoke(serials: ["aa"], reason: .superseded, now: now)
        let two = try authority.revoke(serials: ["bb"], reason: .superseded, now: now)
        try await identity.learn(two.pem)
        try await identity.learn(two.pem)
        let error = await #expect(throws: TLSError.self) { try await identity.learn(one.pem) }
        #expect(error?.code == .revocationsOlder)
        #expect(await identity.membership.revocations == 2)
        #expect(try await self.identity().membership.revocations == 2)
        #expect(try self.identity().endpoint.context.revocations?.contains(serial: "bb") == true)
    }

    @Test("A list that enrolment has brought counts from the first connection on")
    func enrolledList() async throws {
        let list = try authority.revoke(serials: ["cc"], reason: .superseded, now: now)
        try Data(list.pem).write(to: URL(fileURLWithPath: configuration.paths.revocations))
        #expect(try await identity().membership.revocations == 1)
    }
}
