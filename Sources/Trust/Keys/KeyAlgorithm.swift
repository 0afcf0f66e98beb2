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

    /// What every SubjectPublicKeyInfo of the kind starts with (RFC 8410; RFC 5480 with a named curve and a full point).
    var header: [UInt8] {
        switch self {
        case .ed25519: [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        case .p256:
            [
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
                0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
            ]
        }
    }

    private var derSize: Int {
        switch self {
        case .ed25519: 44
        case .p256: 91
        }
    }

    /// The kind of a SubjectPublicKeyInfo, or nil.
    ///
    /// Only one encoding of each key is accepted, so that one key can't count twice under two ids.
    init?(publicDER der: [UInt8]) {
        guard let match = Self.allCases.first(where: { der.count == $0.derSize && der.starts(with: $0.header) }) else {
            return nil
        }
        self = match
    }
}
