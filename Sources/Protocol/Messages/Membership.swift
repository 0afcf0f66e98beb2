package import Model

/// How an agent stands: the certificate that it shows, and the revocations that it goes by.
package struct Membership: Hashable, Sendable {
    /// Lower-case hexadecimal.
    package let serial: String
    package let certificate: Validity
    /// Number of its revocation list; 0 without one.
    package let revocations: Int64

    package init(serial: String, certificate: Validity, revocations: Int64) {
        self.serial = serial
        self.certificate = certificate
        self.revocations = revocations
    }
}
