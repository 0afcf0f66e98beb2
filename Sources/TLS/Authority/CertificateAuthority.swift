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
    /// A creation that a crash cut short is gone on with, by the key that it made.
    /// - Throws: `TLSError` with `authorityExists` if there is one, or another part of one; nothing is overwritten.
    package static func create(
        fleet: String,
        directory: String,
        validity: TimeSpan = rootValidity,
        now: WallTime
    ) throws(TLSError) -> Self {
        try PeerIdentity.validateFleet(fleet)
        guard !PrivateFile.exists("\(directory)/ca.pem") else { throw exists("\(directory)/ca.pem") }
        let unfinished = try unfinishedKey(directory)
        try makeDirectory(directory)
        try makeDirectory("\(directory)/issued")
        let key: PrivateKey
        if let unfinished { key = unfinished } else { key = try .generateP256() }
        let template = CertificateTemplate(
            kind: .authority,
            commonName: "\(fleet) fleet authority",
            uri: "spiffe://\(fleet)",
            now: now,
            validity: validity
        )
        let certificate = try template.sign(subject: key, issuer: nil)
        // The key first: a crash in between leaves no certificate that nobody could sign with.
        if unfinished == nil {
            try PrivateFile.write(Array(key.pem().utf8), to: "\(directory)/key.pem", mode: 0o600)
        }
        try PrivateFile.write(Array(certificate.pem().utf8), to: "\(directory)/ca.pem", mode: 0o644)
        return try Self(directory: directory)
    }

    /// The key of a creation that ended before the certificate was written, which nobody has used; nil without one.
    private static func unfinishedKey(_ directory: String) throws(TLSError) -> PrivateKey? {
        let issued = "\(directory)/issued"
        if PrivateFile.exists(issued) {
            let names = try? PrivateFile.names(in: issued)  // no directory is no creation of ours
            guard names == [] else { throw exists(issued) }
        }
        let path = "\(directory)/key.pem"
        guard PrivateFile.exists(path) else { return nil }
        guard let pem = try? PrivateFile.read(path, for: .owner), let key = try? PrivateKey(pem: pem, source: path)
        else {
            // Whatever is wrong with it, it is not ours to use.
            throw exists(path)
        }
        return key
    }

    private static func exists(_ path: String) -> TLSError {
        let advice = "exists already and is kept; use it, or name an empty directory for a new authority"
        return TLSError(.authorityExists, path, advice: advice)
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
    ///
    /// It ends with the authority at the latest: nobody would believe it afterwards.
    /// - Throws: `TLSError` with `authorityExpired`; `invalidIdentity`.
    package func issue(
        _ role: Role,
        name: String,
        key source: SubjectKey = .generated,
        validity: TimeSpan = memberValidity,
        now: WallTime
    ) throws(TLSError) -> IssuedIdentity {
        let identity = try PeerIdentity(fleet: fleet, role: role, name: name)
        let remaining = certificate.notAfter - now
        guard remaining > .zero else {
            throw TLSError(
                .authorityExpired,
                directory,
                advice: "the authority ended at \(certificate.notAfter); make a new one in another directory with "
                    + "'fleet ca init', and issue every member's certificate anew"
            )
        }
        let (subject, isPrivate) = try source.load()
        let template = CertificateTemplate(
            kind: .member,
            commonName: "\(role) \(name)",
            uri: identity.uri,
            now: now,
            validity: min(validity, remaining)
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
