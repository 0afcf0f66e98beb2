/// The kinds of signing keys that Fleet believes in.
package enum KeyAlgorithm: String, Hashable, Codable, Sendable, CaseIterable {
    /// Ed25519 over the message itself (RFC 8032).
    case ed25519
    /// ECDSA on P-256 over its SHA-256, in DER.
    case p256

    var libcryptoName: String {
        switch self {
        case .ed25519: "ED25519"
        case .p256: "EC"
        }
    }

    /// Size of a key by itself: the bytes of RFC 8032, or an uncompressed point.
    private var pointSize: Int {
        switch self {
        case .ed25519: 32
        case .p256: SSHPublicKey.Curve.nistp256.pointSize
        }
    }

    /// The SubjectPublicKeyInfo of a key by itself (RFC 8410; RFC 5480 with a named curve).
    func publicDER(of point: [UInt8]) -> [UInt8] {
        switch self {
        case .ed25519: DER.publicKey(DER.objectEd25519, key: point)
        case .p256: DER.publicKey(DER.objectEC, SSHPublicKey.Curve.nistp256.object, key: point)
        }
    }

    /// Compressed and hybrid points (SEC 1, section 2.3.3; X9.62) would be the same key under other bytes.
    private func isUsual(_ point: [UInt8]) -> Bool {
        switch self {
        case .ed25519: true
        case .p256: point.first == 0x04
        }
    }

    /// The kind of a SubjectPublicKeyInfo, and the key by itself; nil for any other kind.
    ///
    /// Only one encoding of each key is accepted, so that one key can't count twice under two ids.
    static func read(publicDER der: [UInt8]) -> (algorithm: Self, point: [UInt8])? {
        for algorithm in allCases {
            let point = Array(der.suffix(algorithm.pointSize))
            if algorithm.publicDER(of: point) == der, algorithm.isUsual(point) { return (algorithm, point) }
        }
        return nil
    }
}
