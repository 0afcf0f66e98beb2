import TLS

/// What an operator is told as long as the root's key lies on a machine that is online.
enum RootKeyNote {
    static func text(_ directory: String) -> String {
        "keep \(CertificateAuthority.rootKeyPath(directory)) offline: move it away, only 'fleet ca renew' needs it"
    }
}
