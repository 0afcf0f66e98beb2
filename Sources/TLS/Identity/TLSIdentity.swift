package import Model

/// What we show a peer: a certificate, the chain that leads to its authority, and the private key.
package struct TLSIdentity: Sendable, CustomStringConvertible {
    package let peer: PeerIdentity
    package let certificate: Certificate
    let intermediates: [Certificate]
    let key: PrivateKey

    /// Loads PEM files; the key must not be readable by group or others.
    package init(certificatePath: String, keyPath: String) throws(TLSError) {
        try self.init(
            certificatePEM: PrivateFile.read(certificatePath, for: .everyone),
            keyPEM: PrivateFile.read(keyPath, for: .owner),
            source: certificatePath
        )
    }

    /// Takes PEM from memory: our certificate first, then the intermediates, and the unencrypted private key.
    ///
    /// `source` says in messages where they come from.
    package init(certificatePEM: [UInt8], keyPEM: [UInt8], source: String = "certificate") throws(TLSError) {
        try self.init(
            chain: Certificate.chain(pem: certificatePEM, source: source),
            key: PrivateKey(pem: keyPEM, source: source),
            source: source
        )
    }

    init(chain: [Certificate], key: PrivateKey, source: String = "certificate") throws(TLSError) {
        self.key = key
        certificate = chain[0]
        intermediates = Array(chain.dropFirst())
        guard key.belongs(to: certificate) else {
            throw TLSError(
                .keyMismatch,
                source,
                advice: "certificate and private key don't belong together; issue both again"
            )
        }
        peer = try certificate.identity()
    }

    /// Key and chain in one text, so that one rename stores both or neither.
    package func pem() throws(TLSError) -> Secret {
        var text = try key.pem() + certificate.pem()
        for intermediate in intermediates { text += try intermediate.pem() }
        return Secret(Array(text.utf8))
    }

    /// Why this identity is none to be shown to members who trust these roots; nil when it is.
    ///
    /// `revocations` is what these members go by; without a time nothing expires.
    package func refusal(
        trust: TrustAnchors,
        revocations: RevocationList?,
        at now: WallTime?
    ) -> TLSError? {
        guard trust.vouch(for: certificate, over: intermediates, at: now) else {
            let time = now.map { ", or is not valid at \($0)" } ?? ""
            let advice = "its chain does not lead to the root that is trusted here\(time)"
            return TLSError(.wrongAuthority, "\(peer)", advice: advice)
        }
        guard let revocations, ([certificate] + intermediates).contains(where: revocations.contains) else { return nil }
        return .revoked("\(peer)")
    }

    package var description: String { "\(peer), serial \(certificate.serial)" }
}
