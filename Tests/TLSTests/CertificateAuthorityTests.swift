import Foundation
import Model
import Testing

@testable import TLS

struct CertificateAuthorityTests {
    private let now = WallTime(milliseconds: 1_800_000_000_000)

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("A new authority can be loaded again, and its key is private")
    func create() throws {
        let fleet = try ScratchFleet("shop")
        let loaded = try CertificateAuthority(directory: "\(fleet.directory)/ca")
        #expect(loaded.fleet == "shop")
        #expect(loaded.certificate.serial == fleet.authority.certificate.serial)
        #expect(loaded.intermediate.serial == fleet.authority.intermediate.serial)
        #expect(try mode("\(fleet.directory)/ca/root/key.pem") == 0o600)
        #expect(try mode("\(fleet.directory)/ca/intermediate/1/key.pem") == 0o600)
    }

    @Test("An existing authority is never overwritten", arguments: ["ca.pem", "root", "intermediate", "issued"])
    func existing(_ name: String) throws {
        let directory = try ScratchFleet.scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        let error = #expect(throws: TLSError.self) {
            try CertificateAuthority.create(fleet: "shop", directory: directory, now: now)
        }
        #expect(error?.code == .authorityExists)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [name])
        #expect(try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) == "mine")
    }

    @Test("A creation that was cut short between key and certificate is gone on with")
    func unfinished() throws {
        let directory = try ScratchFleet.scratch()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try CertificateAuthority.create(fleet: "shop", directory: directory, now: now)
        for name in ["ca.pem", "intermediate"] { try FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
        let second = try CertificateAuthority.create(fleet: "shop", directory: directory, now: now)
        #expect(second.certificate.serial != first.certificate.serial)
        _ = try second.issue(.agent, name: "web-1", now: now)
        try FileManager.default.removeItem(atPath: "\(directory)/ca.pem")
        let error = #expect(throws: TLSError.self) {
            try CertificateAuthority.create(fleet: "shop", directory: directory, now: now)
        }
        #expect(error?.code == .authorityExists, "its certificates are in use: the backup must be restored")
    }

    @Test("No certificate outlives its authority, and an expired one issues none")
    func authorityEnds() throws {
        let fleet = try ScratchFleet(validity: .days(30), now: now)
        let end = fleet.authority.certificate.notAfter
        #expect(try fleet.authority.issue(.agent, name: "web-1", now: now + .days(20)).summary.notAfter == end)
        let error = #expect(throws: TLSError.self) { try fleet.authority.issue(.agent, name: "web-2", now: end) }
        #expect(error?.code == .authorityExpired)
        #expect(try fleet.authority.issued().count == 1)
    }

    @Test("A directory without an authority is named as such")
    func missing() throws {
        let error = #expect(throws: TLSError.self) { try CertificateAuthority(directory: "/nonexistent/ca") }
        #expect(error?.code == .authorityMissing)
        #expect(error?.subject == "/nonexistent/ca")
    }

    @Test("A key that others may read is refused")
    func permissions() throws {
        let fleet = try ScratchFleet()
        let path = "\(fleet.directory)/ca/intermediate/1/key.pem"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let error = #expect(throws: TLSError.self) { try CertificateAuthority(directory: "\(fleet.directory)/ca") }
        #expect(error?.code == .keyPermissions)
        #expect(error?.subject == path)
    }

    @Test("An issued certificate says who, since a little before now, until when, and is recorded")
    func issue() throws {
        let fleet = try ScratchFleet()
        let issued = try fleet.authority.issue(.agent, name: "web-1", validity: .days(90), now: now)
        #expect(issued.summary.identity.uri == "spiffe://test/agent/web-1")
        #expect(issued.summary.notBefore == now + TimeSpan(milliseconds: -TimeSpan.minutes(5).milliseconds))
        #expect(issued.summary.notAfter == now + .days(90))
        #expect(try fleet.authority.issued() == [issued.summary])
        let other = try fleet.authority.issue(.agent, name: "web-1", now: now)
        #expect(other.summary.serial != issued.summary.serial)
        #expect(other.summary.serial.count >= 32)
        #expect(try fleet.authority.issued().count == 2)
    }

    @Test("Renewal is due in the last third of the validity")
    func renewal() throws {
        let fleet = try ScratchFleet()
        let summary = try fleet.authority.issue(.agent, name: "web-1", validity: .days(90), now: now).summary
        #expect(summary.validity.state(at: now + .days(59)) == .fine)
        #expect(summary.validity.state(at: now + .days(61)) == .renewalDue)
        #expect(summary.validity.state(at: now + .days(90)) == .expired)
    }

    @Test("Of each member, the certificate that ends last is the one that counts")
    func newest() throws {
        let fleet = try ScratchFleet()
        let old = try fleet.authority.issue(.agent, name: "web-1", validity: .days(10), now: now)
        let other = try fleet.authority.issue(.operator, name: "web-1", validity: .days(10), now: now)
        let new = try fleet.authority.issue(.agent, name: "web-1", validity: .days(10), now: now + .days(5))
        #expect(Set(try fleet.authority.issued().newestPerIdentity) == [other.summary, new.summary])
        #expect(Set(try fleet.authority.issued()) == [old.summary, other.summary, new.summary])
    }

    @Test("Files are written once, the key readable by its owner alone")
    func files() throws {
        let fleet = try ScratchFleet()
        let directory = try fleet.files(.agent, "web-1")
        #expect(try mode("\(directory)/key.pem") == 0o600)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [
                "ca.pem", "cert.pem", "key.pem",
            ]
        )
        let identity = try TLSIdentity(certificatePath: "\(directory)/cert.pem", keyPath: "\(directory)/key.pem")
        #expect(identity.peer.name == "web-1")
        let again = try fleet.authority.issue(.agent, name: "web-1", now: now)
        let error = #expect(throws: TLSError.self) { try again.write(to: directory) }
        #expect(error?.code == .fileExists)
        #expect(
            try TLSIdentity(certificatePath: "\(directory)/cert.pem", keyPath: "\(directory)/key.pem").peer.name
                == "web-1"
        )
    }

    @Test("Names that could become another extension are refused", arguments: ["a,URI:spiffe://x", "", "../x", "a b"])
    func names(_ name: String) throws {
        let fleet = try ScratchFleet()
        let error = #expect(throws: TLSError.self) { try fleet.authority.issue(.agent, name: name, now: now) }
        #expect(error?.code == .invalidIdentity)
        #expect(try fleet.authority.issued().isEmpty)
    }

    @Test("A key and a certificate of different issues don't go together")
    func mismatch() throws {
        let fleet = try ScratchFleet()
        let first = try fleet.authority.issue(.agent, name: "web-1", now: now)
        let second = try fleet.authority.issue(.agent, name: "web-1", now: now)
        let key = try #require(second.keyPEM)
        let error = #expect(throws: TLSError.self) {
            try TLSIdentity(certificatePEM: Array(first.certificatePEM.utf8), keyPEM: key.reveal())
        }
        #expect(error?.code == .keyMismatch)
    }

    @Test(
        "Text that is no PEM is refused",
        arguments: ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    )
    func notPEM(_ text: String) {
        let error = #expect(throws: TLSError.self) { try TrustAnchors(pem: Array(text.utf8)) }
        #expect(error?.code == .notPEM)
    }
}
