package import Model

/// The authorities whose certificates are believed; nothing else on the machine is asked.
package struct TrustAnchors: Sendable {
    let certificates: [Certificate]

    init(certificates: [Certificate]) { self.certificates = certificates }

    package init(path: String) throws(TLSError) {
        try self.init(pem: PrivateFile.read(path, for: .everyone), source: path)
    }

    /// Several certificates are allowed, so that an authority can be replaced while both are in use.
    package init(pem: [UInt8], source: String = "authority") throws(TLSError) {
        certificates = try Certificate.chain(pem: pem, source: source)
    }

    /// SHA-256 of the root, where there is exactly one.
    package var fingerprint: Digest? { certificates.count == 1 ? certificates[0].fingerprint : nil }
}
