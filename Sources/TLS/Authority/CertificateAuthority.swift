import Glibc
package import Model

/// The fleet's own certificate authority: a directory that says who is a member.
///
/// ```
/// ca.pem             the root certificate, known to every member
/// key.pem            its private key (0600); whoever has it can be anybody
/// issued/SERIAL.pem  every certificate that was ever issued
/// ```
package struct CertificateAuthority: Sendable {
    package let fleet: String
    package let certificate: Certificate
    private let key: PrivateKey
    private let directory: String

    /// Ten years: replacing a root means visiting every host.
    package static let rootValidity = TimeSpan.days(3650)
    /// A year and a month, so that a yearly habit renews in time.
    package static let memberValidity = TimeSpan.days(397)

    /// Makes a new authority in `directory`, which is created if it is not there.
    ///
    /// - Throws: `TLSError` with `authorityExists` if there is one, or a part of one; nothing is overwritten.
    package static func create(
        fleet: String,
        directory: String,
        validity: TimeSpan = rootValidity,
        now: WallTime
    ) throws(TLSError) -> Self {
        try PeerIdentity.validateFleet(fleet)
        for name in ["ca.pem", "key.pem", "issued"] where PrivateFile.exists("\(directory)/\(name)") {
            throw TLSError(
                .authorityExists,
                "\(directory)/\(name)",
                advice: "exists already and is kept; use it, or name an empty directory for a new authority"
            )
        }
        try makeDirectory(directory)
        try makeDirectory("\(directory)/issued")
        let key = try PrivateKey.generateP256()
        let template = CertificateTemplate(
            kind: .authority,
            commonName: "\(fleet) fleet authority",
            uri: "spiffe://\(fleet)",
            now: now,
            validity: validity
        )
        let certificate = try template.sign(subject: key, issuer: nil)
        // The key first: a crash in between leaves no certificate that nobody could sign with.
        try PrivateFile.write(Array(key.pem().utf8), to: "\(directory)/key.pem", mode: 0o600)
        try PrivateFile.write(Array(certificate.pem().utf8), to: "\(directory)/ca.pem", mode: 0o644)
        return try Self(directory: directory)
    }

    /// Loads the authority of `directory`.
    package init(directory: String) throws(TLSError) {
        guard PrivateFile.exists("\(directory)/ca.pem") else {
            throw TLSError(
                .authorityMissing,
                directory,
                advice: "holds no certificate authority; make one with 'fleet ca init', or name the right directory"
            )
        }
        let pem = try PrivateFile.read("\(directory)/ca.pem", for: .everyone)
        certificate = try Certificate.chain(pem: pem, source: "\(directory)/ca.pem")[0]
        key = try PrivateKey(pem: PrivateFile.read("\(directory)/key.pem", for: .owner), source: "\(directory)/key.pem")
        guard key.belongs(to: certificate) else {
            throw TLSError(
                .keyMismatch,
                directory,
                advice: "ca.pem and key.pem don't belong together; restore both from the same backup"
            )
        }
        fleet = try Self.fleet(of: certificate, path: "\(directory)/ca.pem")
        self.directory = directory
    }

    private static func fleet(of certificate: Certificate, path: String) throws(TLSError) -> String {
        let prefix = "spiffe://"
        let uris = certificate.uris
        guard uris.count == 1, uris[0].hasPrefix(prefix) else {
            throw TLSError(.identityMissing, path, advice: "is no fleet authority; make one with 'fleet ca init'")
        }
        let fleet = String(uris[0].dropFirst(prefix.count))
        try PeerIdentity.validateFleet(fleet)
        return fleet
    }

    package func certificatePEM() throws(TLSError) -> String { try certificate.pem() }

    package var anchors: TrustAnchors { TrustAnchors(certificates: [certificate]) }

    /// Issues a certificate for the member `spiffe://<fleet>/<role>/<name>` and records it.
    package func issue(
        _ role: Role,
        name: String,
        key source: SubjectKey = .generated,
        validity: TimeSpan = memberValidity,
        now: WallTime
    ) throws(TLSError) -> IssuedIdentity {
        let identity = try PeerIdentity(fleet: fleet, role: role, name: name)
        let (subject, isPrivate) = try source.load()
        let template = CertificateTemplate(
            kind: .member,
            commonName: "\(role) \(name)",
            uri: identity.uri,
            now: now,
            validity: validity
        )
        let issued = try template.sign(subject: subject, issuer: (certificate, key))
        let pem = try issued.pem()
        // Recorded before it is handed out, and a serial that exists can't be issued again.
        try PrivateFile.write(Array(pem.utf8), to: "\(directory)/issued/\(issued.serial).pem", mode: 0o644)
        return IssuedIdentity(
            summary: try CertificateSummary(of: issued),
            certificatePEM: pem,
            authorityPEM: try certificate.pem(),
            keyPEM: isPrivate ? try subject.pem() : nil
        )
    }

    /// All certificates that were ever issued, oldest first.
    package func issued() throws(TLSError) -> [CertificateSummary] {
        var summaries: [CertificateSummary] = []
        for name in try PrivateFile.names(in: "\(directory)/issued") where name.hasSuffix(".pem") {
            let path = "\(directory)/issued/\(name)"
            let chain = try Certificate.chain(pem: PrivateFile.read(path, for: .everyone), source: path)
            summaries.append(try CertificateSummary(of: chain[0]))
        }
        return summaries.sorted { ($0.notBefore, $0.serial) < ($1.notBefore, $1.serial) }
    }

    private static func makeDirectory(_ path: String) throws(TLSError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw PrivateFile.unwritten(path, errno) }
    }
}
