import Model

/// A named Ed25519 key that signs notes, written `NAME+ID+KEY` (C2SP signed-note, "Verifier keys").
///
/// The short id is the beginning of a hash over name and key, so a key can't be passed off under another name.
package struct NoteKey: Hashable, Sendable, CustomStringConvertible {
    /// What it signs for; a ledger's key has the ledger's origin as its name.
    package let name: String
    package let key: VerificationKey

    /// The first byte of an Ed25519 key in a verifier key, and of what its id is made of.
    private static let ed25519: UInt8 = 1
    /// Bytes of an Ed25519 key.
    private static let keySize = 32
    /// Bytes of an id.
    static let idSize = 4

    /// Names a key.
    ///
    /// - Throws: `TrustError` for an empty name, one with white space or `+`, and for a key that is not Ed25519.
    package init(name: String, key: VerificationKey) throws(TrustError) {
        guard !name.isEmpty, !name.contains(where: \.isWhitespace), !name.utf8.contains(UInt8(ascii: "+")) else {
            throw TrustError(.keyInvalid, "'\(name)'", "is no name of a note's key: no white space, no '+'")
        }
        guard key.algorithm == .ed25519 else {
            throw TrustError(.keyInvalid, name, "has a \(key.algorithm.rawValue) key; notes are signed with Ed25519")
        }
        self.name = name
        self.key = key
    }

    /// Reads `NAME+ID+KEY`.
    ///
    /// - Throws: `TrustError` for another form or kind, and for an id that is not of this name and key.
    package init(parsing text: String) throws(TrustError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(String(parts[2])), bytes.count == 1 + Self.keySize,
            bytes[0] == Self.ed25519
        else {
            throw TrustError(
                .keyInvalid,
                "'\(text.prefix(80))'",
                "is no key of a ledger: expected NAME+ID+KEY with an Ed25519 key"
            )
        }
        let der = KeyAlgorithm.ed25519.publicDER(of: Array(bytes.dropFirst()))
        try self.init(name: String(parts[0]), key: VerificationKey(der: der, name: String(parts[0])))
        guard Self.hex(id) == parts[1] else {
            let advice = "has the id \(parts[1].prefix(16)), name and key make \(Self.hex(id)): one of them was changed"
            throw TrustError(.keyInvalid, name, advice)
        }
    }

    private var rawKey: [UInt8] { Array(key.der.suffix(Self.keySize)) }

    /// The hint that a signature carries.
    var id: [UInt8] {
        Array(SHA256.digest(of: Array(name.utf8) + [0x0A, Self.ed25519] + rawKey).bytes.prefix(Self.idSize))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    package var description: String { "\(name)+\(Self.hex(id))+\(Base64.encode([Self.ed25519] + rawKey))" }
}
