package import Model

/// A new certificate, with its key if the authority made that.
package struct IssuedIdentity: Sendable, CustomStringConvertible {
    package let summary: CertificateSummary
    /// The chain as it is shown to peers: the certificate, then the intermediate that signed it.
    package let certificatePEM: String
    /// The root, which the holder needs to know its peers.
    package let authorityPEM: String
    /// Nil if the key was made elsewhere.
    package let keyPEM: Secret?

    package var description: String { "\(summary.identity), serial \(summary.serial), until \(summary.notAfter)" }

    /// Writes `ca.pem`, `cert.pem` and `key.pem` (0600) into an existing directory, as agents expect them.
    ///
    /// - Throws: `TLSError` with `fileExists` when one of them is there; nothing is overwritten.
    package func write(to directory: String) throws(TLSError) {
        try Self.checkPlace(in: directory, withKey: keyPEM != nil)
        if let keyPEM {
            try PrivateFile.write(keyPEM.reveal(), to: "\(directory)/key.pem", mode: 0o600)
        }
        try PrivateFile.write(Array(certificatePEM.utf8), to: "\(directory)/cert.pem", mode: 0o644)
        try PrivateFile.write(Array(authorityPEM.utf8), to: "\(directory)/ca.pem", mode: 0o644)
    }

    /// Looks whether `write` would find its place free; asked before a certificate is issued for it.
    package static func checkPlace(in directory: String, withKey: Bool) throws(TLSError) {
        let names = withKey ? ["ca.pem", "cert.pem", "key.pem"] : ["ca.pem", "cert.pem"]
        for name in names where PrivateFile.exists("\(directory)/\(name)") {
            throw TLSError(
                .fileExists,
                "\(directory)/\(name)",
                advice: "exists already and is kept; move it away first, or name another directory"
            )
        }
    }
}
