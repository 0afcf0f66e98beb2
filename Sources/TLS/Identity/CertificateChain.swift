package import Model

/// A member's certificate and those that lead from it to the authority's root, as they are kept beside what it has signed.
package struct CertificateChain: Sendable {
    /// The member's own first.
    package let pem: [UInt8]
    private let certificates: [Certificate]

    /// What a member shows.
    package init(_ identity: TLSIdentity) throws(TLSError) {
        certificates = [identity.certificate] + identity.intermediates
        var text = ""
        for certificate in certificates { text += try certificate.pem() }
        pem = Array(text.utf8)
    }

    /// Reads PEM; nobody is believed before `publicKey` has answered.
    package init(pem: [UInt8], source: String) throws(TLSError) {
        self.pem = pem
        certificates = try Certificate.chain(pem: pem, source: source)
    }

    /// Which member it says that it is.
    package func identity() throws(TLSError) -> PeerIdentity { try certificates[0].identity() }

    /// The member's public key, as PEM.
    ///
    /// - Throws: `TLSError` unless the certificate is that of `peer`, was issued under `trust`, was valid `now` and is not
    ///   revoked.
    package func publicKey(
        of peer: PeerIdentity,
        trust: TrustAnchors,
        revocations: RevocationList? = nil,
        at now: WallTime
    ) throws(TLSError) -> [UInt8] {
        let found = try identity()
        guard found == peer else { throw TLSError(.wrongName, "\(found)", advice: "is not \(peer)") }
        guard trust.vouch(for: certificates[0], over: Array(certificates.dropFirst()), at: now) else {
            // Without the time: who is told of this again and again should see that it is the same.
            let advice = "its chain does not lead to the root that is trusted here, or was not valid at that time"
            throw TLSError(.wrongAuthority, "\(found)", advice: advice)
        }
        if let revocations, certificates.contains(where: revocations.contains) { throw .revoked("\(found)") }
        return Array(try certificates[0].publicKeyPEM().utf8)
    }
}
