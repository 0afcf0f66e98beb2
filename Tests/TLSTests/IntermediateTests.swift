import Foundation
import Model
import Testing

@testable import TLS

/// The root that may be kept offline, and the intermediates that sign for it.
struct IntermediateTests {
    private let fleet: ScratchFleet
    private let now = ScratchFleet.now

    init() throws { fleet = try ScratchFleet() }

    private var authority: String { "\(fleet.directory)/ca" }

    private func moveRootKey() throws -> String {
        let safe = "\(fleet.directory)/safe.pem"
        try FileManager.default.moveItem(atPath: "\(authority)/root/key.pem", toPath: safe)
        return safe
    }

    @Test("The openssl command verifies a member's chain with the root alone")
    func chain() throws {
        let files = try fleet.files(.agent, "web-1")
        let verified = try OpenSSLCommand([
            "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", "\(files)/ca.pem", "-untrusted",
            "\(files)/cert.pem", "\(files)/cert.pem",
        ])
        #expect(verified.finish().contains("cert.pem: OK"))
        let alone = try OpenSSLCommand(["verify", "-CAfile", "\(files)/ca.pem", "\(files)/cert.pem"])
        #expect(alone.finish().contains("unable to get local issuer certificate"))
    }

    @Test("With the root's key moved away everything goes on but a renewal, which says what it needs")
    func offline() throws {
        #expect(fleet.authority.hasRootKey)
        let safe = try moveRootKey()
        let loaded = try CertificateAuthority(directory: authority)
        #expect(!loaded.hasRootKey)
        _ = try loaded.issue(.agent, name: "web-1", now: now)
        let error = #expect(throws: TLSError.self) { try CertificateAuthority.renew(directory: authority, now: now) }
        #expect(error?.code == .rootKeyMissing)
        let renewed = try CertificateAuthority.renew(directory: authority, rootKey: safe, now: now)
        #expect(renewed.intermediate.serial != loaded.intermediate.serial)
        #expect(renewed.certificate.serial == loaded.certificate.serial)
        #expect(!renewed.hasRootKey, "the key stays where it was brought from")
    }

    @Test("What the intermediate before has signed goes on beside what the new one signs")
    func renewed() throws {
        let old = try fleet.identity(.agent, "web-1")
        let renewed = try CertificateAuthority.renew(directory: authority, now: now)
        let issued = try renewed.issue(.coordinator, name: "c1", now: now)
        let new = try TLSIdentity(
            certificatePEM: Array(issued.certificatePEM.utf8),
            keyPEM: #require(issued.keyPEM).reveal()
        )
        let wire = try Wire(client: fleet.client(new), server: fleet.server(old))
        try wire.connect()
        #expect(wire.client.recorder.peer?.name == "web-1")
        #expect(wire.server.recorder.peer?.name == "c1")
        #expect(!FileManager.default.fileExists(atPath: fleet.intermediateKey), "the old key has nothing left to sign")
    }

    @Test("A renewal that a crash ended before its certificate was written leaves the one before in charge")
    func cutShort() throws {
        let before = fleet.authority.intermediate.serial
        let place = "\(authority)/intermediate/2"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: "\(place)/key.pem"))
        #expect(try CertificateAuthority(directory: authority).intermediate.serial == before)
        #expect(try CertificateAuthority.renew(directory: authority, now: now).intermediate.serial != before)
    }

    @Test("A key that is not the root's renews nothing")
    func foreignKey() throws {
        let foreign = try ScratchFleet()
        let error = #expect(throws: TLSError.self) {
            try CertificateAuthority.renew(
                directory: authority,
                rootKey: "\(foreign.directory)/ca/root/key.pem",
                now: now
            )
        }
        #expect(error?.code == .keyMismatch)
        let loaded = try CertificateAuthority(directory: authority)
        #expect(loaded.intermediate.serial == fleet.authority.intermediate.serial)
    }

    @Test("An intermediate of another root is refused when the authority is loaded")
    func foreignIntermediate() throws {
        let foreign = try ScratchFleet()
        let place = "\(authority)/intermediate"
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.copyItem(atPath: "\(foreign.directory)/ca/intermediate", toPath: place)
        let error = #expect(throws: TLSError.self) { try CertificateAuthority(directory: authority) }
        #expect(error?.code == .keyMismatch)
    }

    /// Certifies a new key as `spiffe://test/operator/eve`, with whatever key and certificate an attacker has.
    private func forge(by certificate: String, _ key: String, extensions: [String]) throws -> TLSIdentity {
        let files = fleet.directory
        let made = try OpenSSLCommand(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=eve",
                "-CA", certificate, "-CAkey", key, "-keyout", "\(files)/eve-key.pem", "-out", "\(files)/eve.pem",
            ] + extensions.flatMap { ["-addext", $0] }
        )
        _ = made.finish()
        let leaf = try String(contentsOfFile: "\(files)/eve.pem", encoding: .utf8)
        let chain = leaf + (try String(contentsOfFile: certificate, encoding: .utf8))
        let key = try Data(contentsOf: URL(fileURLWithPath: "\(files)/eve-key.pem"))
        return try TLSIdentity(certificatePEM: Array(chain.utf8), keyPEM: Array(key))
    }

    private static let eve = [
        "subjectAltName=URI:spiffe://test/operator/eve", "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature", "extendedKeyUsage=clientAuth,serverAuth",
    ]

    @Test("A member's key certifies nobody")
    func memberSigns() throws {
        let files = try fleet.files(.agent, "web-1")
        let eve = try forge(by: "\(files)/cert.pem", "\(files)/key.pem", extensions: Self.eve)
        let wire = try Wire(client: fleet.client(eve), server: fleet.server())
        try wire.connect()
        #expect(wire.server.recorder.peer == nil)
        #expect(wire.server.recorder.codes == [.certificateRefused])
    }

    @Test("An intermediate makes no further authority")
    func pathLength() throws {
        let files = fleet.directory
        let made = try OpenSSLCommand([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=sub",
            "-CA", fleet.intermediate, "-CAkey", fleet.intermediateKey, "-keyout", "\(files)/sub-key.pem",
            "-out", "\(files)/sub.pem", "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign",
        ])
        _ = made.finish()
        let intermediate = try String(contentsOfFile: fleet.intermediate, encoding: .utf8)
        let sub = try String(contentsOfFile: "\(files)/sub.pem", encoding: .utf8) + intermediate
        try sub.write(toFile: "\(files)/sub-chain.pem", atomically: true, encoding: .utf8)
        let eve = try forge(by: "\(files)/sub-chain.pem", "\(files)/sub-key.pem", extensions: Self.eve)
        let wire = try Wire(client: fleet.client(eve), server: fleet.server())
        try wire.connect()
        #expect(wire.server.recorder.peer == nil)
        #expect(wire.server.recorder.codes == [.certificateRefused])
    }

    @Test("No certificate outlives the intermediate that signed it, and an ended one says what to do")
    func ends() throws {
        let short = try CertificateAuthority.renew(directory: authority, validity: .days(30), now: now)
        #expect(
            try short.issue(.agent, name: "web-1", now: now + .days(20)).summary.notAfter == short.intermediate.notAfter
        )
        let error = #expect(throws: TLSError.self) { try short.issue(.agent, name: "web-1", now: now + .days(30)) }
        #expect(error?.code == .authorityExpired)
        #expect(error?.advice.contains("'fleet ca renew'") == true)
    }
}
