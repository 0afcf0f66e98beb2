import Foundation
import Model
import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

/// Lists of revoked certificates: made, verified, handed on, and obeyed.
struct RevocationTests {
    private let fleet: ScratchFleet
    private let now = ScratchFleet.now

    init() throws { fleet = try ScratchFleet() }

    private func revoke(_ identity: TLSIdentity, _ reason: Revocation.Reason = .keyCompromise) throws -> RevocationList
    {
        try fleet.authority.revoke(serials: [identity.certificate.serial], reason: reason, now: now)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let path = "\(fleet.directory)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    // MARK: The list

    @Test("A list is numbered, keeps what was on it, and can be read back")
    func list() throws {
        let (first, second) = (try fleet.identity(.agent, "web-1"), try fleet.identity(.operator, "ada"))
        #expect(try fleet.authority.revocations() == nil)
        let one = try revoke(first)
        #expect(one.number == 1)
        let two = try revoke(second, .affiliationChanged)
        #expect(two.number == 2)
        #expect(Set(two.entries.map(\.serial)) == [first.certificate.serial, second.certificate.serial])
        let again = try revoke(first, .superseded)
        #expect(again.entries.first { $0.serial == first.certificate.serial }?.reason == .keyCompromise)
        #expect(try fleet.authority.revocations()?.pem == again.pem)
        #expect(Int((again.entries.first?.at.milliseconds ?? 0) / 1000) == Int(now.milliseconds / 1000))
    }

    @Test("The openssl command reads and verifies the list, and refuses what is on it")
    func opensslAgrees() throws {
        let (good, bad) = (try fleet.files(.agent, "web-1"), try fleet.files(.agent, "web-2"))
        let stolen = try TLSIdentity(certificatePath: "\(bad)/cert.pem", keyPath: "\(bad)/key.pem")
        let path = try write(try revoke(stolen).pem, "list.pem")
        let shown = try OpenSSLCommand([
            "crl", "-in", path, "-noout", "-text", "-CAfile", fleet.intermediate, "-verify",
        ]).finish()
        #expect(shown.contains("verify OK"), "\(shown)")
        #expect(shown.contains("Version 2 (0x1)"), "\(shown)")
        #expect(shown.contains("Key Compromise"), "\(shown)")
        #expect(shown.contains("X509v3 CRL Number"), "\(shown)")
        #expect(shown.lowercased().contains(stolen.certificate.serial), "\(shown)")
        for (files, verdict) in [(good, "cert.pem: OK"), (bad, "certificate revoked")] {
            let verified = try OpenSSLCommand([
                "verify", "-x509_strict", "-crl_check", "-CRLfile", path, "-CAfile", "\(files)/ca.pem", "-untrusted",
                "\(files)/cert.pem", "\(files)/cert.pem",
            ])
            #expect(verified.finish().contains(verdict))
        }
    }

    @Test(
        "A list that this fleet's authority has not signed is refused",
        arguments: ["foreign", "member", "changed", "bare"]
    )
    func forged(_ kind: String) throws {
        let stolen = try fleet.identity(.agent, "web-1")
        let real = try revoke(stolen)
        let bytes: [UInt8]
        switch kind {
        case "foreign":
            let foreign = try ScratchFleet()
            bytes = try withExtendedLifetime(foreign) {
                try $0.authority.revoke(serials: ["01"], reason: .unspecified, now: now).pem
            }
        case "member":
            // Whoever has a member's key signs a list with it, and brings the member's certificate along.
            let entry = Revocation(serial: "01", at: now, reason: .unspecified)
            let list = try CertificateRevocations(
                number: 99,
                entries: [entry],
                signer: (stolen.certificate, stolen.key),
                now: now
            )
            let chain = try stolen.certificate.pem() + fleet.authority.intermediate.pem()
            bytes = Array((try list.pem() + chain).utf8)
        case "changed":
            var text = String(decoding: real.pem, as: UTF8.self).split(separator: "\n").map(String.init)
            text[3] = String(text[3].reversed())
            bytes = Array(text.joined(separator: "\n").utf8)
        case _:
            let text = String(decoding: real.pem, as: UTF8.self)
            bytes = Array((text.components(separatedBy: "-----BEGIN CERTIFICATE").first ?? "").utf8)
        }
        let error = #expect(throws: TLSError.self) {
            try RevocationList(pem: bytes, trust: fleet.authority.anchors)
        }
        #expect([.revocationsInvalid, .notPEM].contains(error?.code))
    }

    @Test("An older list never takes the place of a newer one, the same one changes nothing")
    func older() throws {
        let one = try revoke(try fleet.identity(.agent, "web-1"))
        let two = try revoke(try fleet.identity(.agent, "web-2"))
        #expect(try two.succeeding(one).number == 2)
        #expect(try two.succeeding(nil).number == 2)
        #expect(try two.succeeding(two).number == 2)
        let error = #expect(throws: TLSError.self) { try one.succeeding(two) }
        #expect(error?.code == .revocationsOlder)
    }

    @Test("A stolen intermediate, once revoked, takes nothing back, whatever number it signs")
    func stolenIntermediate() throws {
        let old = fleet.authority
        let stolen = (certificate: old.intermediate, key: old.key)
        let later = now + .minutes(1)
        let renewed = try CertificateAuthority.renew(directory: "\(fleet.directory)/ca", now: later)
        let list = try renewed.revoke(serials: [old.intermediate.serial], reason: .keyCompromise, now: later)
        func forgery() throws -> RevocationList {
            let forged = try CertificateRevocations(number: 1_000_000, entries: [], signer: stolen, now: later)
            let pem = Array((try forged.pem() + old.intermediate.pem()).utf8)
            return try RevocationList(pem: pem, trust: old.anchors)
        }
        #expect(throws: TLSError.self) { try forgery().succeeding(list) }
        // And whoever has taken the forgery first can still hear the truth.
        #expect(try list.succeeding(try forgery()).pem == list.pem)
    }

    @Test("A renewal of the intermediate signs the list again")
    func renewed() throws {
        let list = try revoke(try fleet.identity(.agent, "web-1"))
        let renewed = try CertificateAuthority.renew(directory: "\(fleet.directory)/ca", now: now)
        let next = try #require(try renewed.revocations())
        #expect(next.number == 2)
        #expect(next.entries.map(\.serial) == list.entries.map(\.serial))
        #expect(next.signer.serial == renewed.intermediate.serial)
    }

    // MARK: Obeyed

    @Test("A revoked client is refused in the handshake, and told so")
    func client() throws {
        let stolen = try fleet.identity(.operator, "ada")
        let list = try revoke(stolen)
        let wire = try Wire(client: fleet.client(stolen), server: fleet.server().refusing(list))
        try wire.connect()
        #expect(wire.server.recorder.codes == [.certificateRevoked])
        #expect(wire.server.recorder.peer == nil)
        #expect(wire.client.recorder.codes == [.refusedByPeer])
        let told = try #require(wire.client.recorder.errors.first as? TLSError)
        #expect(told.advice.contains("revoked"))
        let other = try Wire(client: fleet.client(), server: fleet.server().refusing(list))
        try other.connect()
        #expect(other.server.recorder.peer?.name == "c1")
    }

    @Test("A revoked server is refused in the handshake, by name too")
    func server() throws {
        let stolen = try fleet.identity(.agent, "web-1")
        let context = try fleet.client().expecting(peer: "web-1").refusing(try revoke(stolen))
        let wire = try Wire(client: context, server: fleet.server(stolen))
        try wire.connect()
        #expect(wire.client.recorder.codes == [.certificateRevoked])
        let anew = try Wire(client: context, server: fleet.server(fleet.identity(.agent, "web-1")))
        try anew.connect()
        #expect(anew.client.recorder.peer?.name == "web-1", "a new certificate of the same host is believed")
    }

    @Test("What a revoked intermediate has signed is refused with it")
    func intermediate() throws {
        let old = try fleet.identity(.operator, "ada")
        let renewed = try CertificateAuthority.renew(directory: "\(fleet.directory)/ca", now: now)
        let serial = fleet.authority.intermediate.serial
        let list = try renewed.revoke(serials: [serial], reason: .keyCompromise, now: now)
        let wire = try Wire(client: fleet.client(old), server: fleet.server().refusing(list))
        try wire.connect()
        #expect(wire.server.recorder.codes == [.certificateRevoked])
    }

    @Test("A list past its date goes on to count, and keeps nobody else out")
    func expiredList() throws {
        let past = now + .days(-900)
        let old = try ScratchFleet(now: past)
        let stolen = try old.identity(.operator, "eve", validity: .days(700), now: past)
        let list = try old.authority.revoke(serials: [stolen.certificate.serial], reason: .keyCompromise, now: past)
        let path = try write(list.pem, "old.pem")
        let shown = try OpenSSLCommand(["crl", "-in", path, "-noout", "-nextupdate"]).finish()
        #expect(shown.contains("nextUpdate="))
        let read = try RevocationList(pem: list.pem, trust: old.authority.anchors)
        #expect(read.contains(serial: stolen.certificate.serial), "its signer has ended, its word has not")
        let renewed = try CertificateAuthority.renew(directory: "\(old.directory)/ca", now: now)
        let issued = try renewed.issue(.operator, name: "ada", now: now)
        let ada = try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: #require(issued.keyPEM).reveal()
        )
        let agent = try renewed.issue(.agent, name: "web-1", now: now)
        let web = try TLSIdentity(
            certificatePEM: Array(agent.certificatePEM.utf8),
            keyPEM: #require(agent.keyPEM).reveal()
        )
        let wire = try Wire(client: old.client(ada), server: old.server(web).refusing(read))
        try wire.connect()
        #expect(wire.server.recorder.peer?.name == "ada")
    }

    // MARK: Live connections

    @Test("An endpoint cuts off who is revoked while connected, and nobody else")
    func live() throws {
        let (ada, bob) = (try fleet.identity(.operator, "ada"), try fleet.identity(.operator, "bob"))
        let endpoint = TLSEndpoint(try fleet.server())
        let first = try Wire(client: fleet.client(ada), endpoint: endpoint)
        let second = try Wire(client: fleet.client(bob), endpoint: endpoint)
        try first.connect()
        try second.connect()
        #expect(endpoint.connectionCount == 2)
        endpoint.replace(endpoint.context.refusing(try revoke(ada)))
        #expect(first.server.recorder.codes == [.certificateRevoked])
        try first.exchange()
        first.waitForTimers()
        #expect(!first.server.channel.isActive)
        #expect(second.server.channel.isActive && second.server.recorder.codes.isEmpty)
        #expect(endpoint.connectionCount == 1)
        let late = try Wire(client: fleet.client(ada), endpoint: endpoint)
        try late.connect()
        #expect(late.server.recorder.codes == [.certificateRevoked])
    }

    @Test("New connections show the renewed identity, old ones go on")
    func renewedIdentity() throws {
        let endpoint = TLSEndpoint(try fleet.server(fleet.identity(.agent, "web-1")))
        let before = try Wire(client: fleet.client(), endpoint: endpoint)
        try before.connect()
        let renewed = try fleet.identity(.agent, "web-1")
        endpoint.replace(try fleet.server(renewed))
        let list = try fleet.authority.revoke(serials: ["abcd"], reason: .superseded, now: now)
        let after = try Wire(client: fleet.client().refusing(list), endpoint: endpoint)
        try after.connect()
        #expect(after.client.serials.contains(renewed.certificate.serial))
        #expect(!before.client.serials.contains(renewed.certificate.serial))
        #expect(before.server.channel.isActive)
    }
}
