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

    /// Whether less than a third of the validity remains, which leaves time to renew calmly.
    package func renewalDue(at now: WallTime) -> Bool {
        notAfter.milliseconds - now.milliseconds < (notAfter.milliseconds - notBefore.milliseconds) / 3
    }
}
