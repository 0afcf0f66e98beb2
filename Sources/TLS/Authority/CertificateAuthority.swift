package import Model

/// The fleet's own certificate authority: a directory that says who is a member.
///
/// Every member trusts the root and nothing else. An intermediate signs the members' certificates, which travel together
/// with it; so the root's key is needed only for the next intermediate, and may be kept where nobody can steal it.
///
/// ```
/// ca.pem                      the root certificate, known to every member
/// root/key.pem                its private key (0600): may be moved away; whoever has it can be anybody, for ever
/// intermediate/N/cert.pem     the N-th intermediate; the highest N signs
/// intermediate/N/key.pem      its private key (0600): whoever has it can be anybody until it is revoked
/// issued/SERIAL.pem           every certificate that was ever issued
/// crl.pem                     what is believed no more, once something is
/// ```
package struct CertificateAuthority: Sendable {
    package let fleet: String
    /// The root.
    package let certificate: Certificate
    /// What signs at present.
    package let intermediate: Certificate
    let key: PrivateKey
    let directory: String

    /// Ten years: replacing a root means visiting every host.
    package static let rootValidity = TimeSpan.days(3650)
    /// Two years: nobody fetches the root's key more often than that calmly, and no member's certificate is cut short.
    package static let intermediateValidity = TimeSpan.days(731)
    /// A year and a month, so that a yearly habit renews in time.
    package static let memberValidity = TimeSpan.days(397)

    /// Loads the authority of `directory`; the root's key may be elsewhere.
    package init(directory: String) throws(TLSError) {
        self.directory = directory
        certificate = try Self.root(in: directory)
        fleet = try Self.fleet(of: certificate, path: Self.rootPath(directory))
        guard let place = try Self.intermediates(in: directory).last else {
            throw TLSError(
                .authorityMissing,
                directory,
                advice: "has no intermediate that could sign; 'fleet ca renew' makes one with the root's key"
            )
        }
        intermediate = try Certificate.chain(
            pem: PrivateFile.read(place.certificate, for: .everyone),
            source: place.certificate
        )[0]
        key = try PrivateKey(pem: PrivateFile.read(place.key, for: .owner), source: place.key)
        guard key.belongs(to: intermediate), intermediate.isSigned(by: certificate) else {
            throw TLSError(
                .keyMismatch,
                place.directory,
                advice: "its key, its certificate and the root don't belong together; restore all from the same backup"
            )
        }
    }

    package func certificatePEM() throws(TLSError) -> String { try certificate.pem() }

    package var anchors: TrustAnchors { TrustAnchors(certificates: [certificate]) }

    /// Whether the root's key lies here, where it is needed only for `fleet ca renew`.
    package var hasRootKey: Bool { PrivateFile.exists(Self.rootKeyPath(directory)) }

    /// Issues a certificate for the member `spiffe://<fleet>/<role>/<name>` and records it.
    ///
    /// It ends with the intermediate at the latest: nobody would believe it afterwards.
    /// - Throws: `TLSError` with `authorityExpired`; `invalidIdentity`.
    package func issue(
        _ role: Role,
        name: String,
        key source: SubjectKey = .generated,
        validity: TimeSpan = memberValidity,
        now: WallTime
    ) throws(TLSError) -> IssuedIdentity {
        guard Role.certified.contains(role) else {
            throw TLSError(.invalidIdentity, "role \(role)", advice: "is that of whoever has no certificate")
        }
        let identity = try PeerIdentity(fleet: fleet, role: role, name: name)
        let remaining = intermediate.notAfter - now
        guard remaining > .zero else { throw expired(at: now) }
        let (subject, isPrivate) = try source.load()
        let template = CertificateTemplate(
            kind: .member,
            commonName: "\(role) \(name)",
            uri: identity.uri,
            now: now,
            validity: min(validity, remaining)
        )
        let issued = try template.sign(subject: subject, issuer: (intermediate, key))
        let pem = try issued.pem()
        // Recorded before it is handed out, and a serial that exists can't be issued again.
        try PrivateFile.write(Array(pem.utf8), to: "\(directory)/issued/\(issued.serial).pem", mode: 0o644)
        return IssuedIdentity(
            summary: try CertificateSummary(of: issued),
            certificatePEM: pem + (try intermediate.pem()),
            authorityPEM: try certificate.pem(),
            keyPEM: isPrivate ? Secret(Array(try subject.pem().utf8)) : nil
        )
    }

    private func expired(at now: WallTime) -> TLSError {
        let advice =
            certificate.notAfter > now
            ? "the intermediate ended at \(intermediate.notAfter); 'fleet ca renew' makes a new one with the root's key"
            : "the authority ended at \(certificate.notAfter); make a new one in another directory with 'fleet ca init', and "
                + "issue every member's certificate anew"
        return TLSError(.authorityExpired, directory, advice: advice)
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
}
