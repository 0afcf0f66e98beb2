package import Model

/// What an operator wants to know about a certificate.
package struct CertificateSummary: Hashable, Sendable {
    package let identity: PeerIdentity
    /// Lower-case hexadecimal.
    package let serial: String
    package let notBefore: WallTime
    package let notAfter: WallTime

    package init(of certificate: Certificate) throws(TLSError) {
        identity = try certificate.identity()
        serial = certificate.serial
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
    }

    package var validity: Validity { Validity(notBefore: notBefore, notAfter: notAfter) }
}

extension [CertificateSummary] {
    /// The certificate that ends last of each identity, in the order of these: the one that its member should have.
    package var newestPerIdentity: Self {
        var newest: [PeerIdentity: Element] = [:]
        for item in self where newest[item.identity].map({ $0.notAfter <= item.notAfter }) ?? true {
            newest[item.identity] = item
        }
        return filter { newest[$0.identity] == $0 }
    }
}
