/// A text with signatures under it (C2SP signed-note).
///
/// Signatures by keys that nobody here knows are allowed, and prove nothing.
package struct SignedNote: Hashable, Sendable {
    /// Ends with a line break; what the signatures cover.
    package let text: String
    private let signatures: [Signature]

    private struct Signature: Hashable {
        let name: String
        let id: [UInt8]
        let bytes: [UInt8]
    }

    /// More than any note of ours has; refused before any signature is checked.
    private static let mostBytes = 64 << 10
    private static let mostSignatures = 16
    private static let mark = "\u{2014} "

    /// Reads a note; nothing is believed before `verify` ended well.
    ///
    /// - Throws: `TrustError` when it is no note.
    package init(parsing bytes: [UInt8]) throws(TrustError) {
        func invalid(_ advice: String) -> TrustError { TrustError(.checkpointInvalid, "signed note", advice) }
        guard bytes.count <= Self.mostBytes, let note = String(validating: bytes, as: UTF8.self),
            bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A })
        else { throw invalid("is too long, or no text") }
        var lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, let gap = lines.lastIndex(where: \.isEmpty), gap > 0 else {
            throw invalid("has no empty line between text and signatures")
        }
        text = lines[..<gap].map { "\($0)\n" }.joined()
        let marks = lines[(gap + 1)...]
        guard 1...Self.mostSignatures ~= marks.count else {
            throw invalid("has \(marks.count) signatures, expected 1 to \(Self.mostSignatures)")
        }
        var signatures: [Signature] = []
        for line in marks {
            let parts = line.dropFirst(Self.mark.count).split(separator: " ", omittingEmptySubsequences: false)
            guard line.hasPrefix(Self.mark), parts.count == 2, !parts[0].isEmpty,
                let blob = Base64.decode(String(parts[1])), blob.count > NoteKey.idSize
            else { throw invalid("has a signature that is not of the form '\(Self.mark)NAME BASE64'") }
            let (id, rest) = (Array(blob.prefix(NoteKey.idSize)), Array(blob.dropFirst(NoteKey.idSize)))
            signatures.append(Signature(name: String(parts[0]), id: id, bytes: rest))
        }
        self.signatures = signatures
    }

    /// Checks that `key` has signed the text.
    ///
    /// - Throws: `TrustError` when its signature is missing or wrong.
    package func verify(by key: NoteKey) throws(TrustError) {
        let named = signatures.filter { $0.name.utf8.elementsEqual(key.name.utf8) && $0.id == key.id }
        guard let signature = named.first else {
            let names = signatures.map { "'\($0.name.prefix(80))'" }.joined(separator: ", ")
            let advice = "is not signed with the key of \(key.name); signed by \(names)"
            throw TrustError(.unknownKey, "signed note", advice)
        }
        guard named.count == 1, key.key.isValid(signature.bytes, on: Array(text.utf8)) else {
            let advice = "has a wrong signature of \(key.name): text or signature were changed"
            throw TrustError(.signatureInvalid, "signed note", advice)
        }
    }

    /// The bytes of a note with one signature.
    package static func sign(_ text: String, as key: NoteKey, with secret: SigningKey) throws(TrustError) -> [UInt8] {
        precondition(text.hasSuffix("\n"), "a note's text ends with a line break")
        precondition(secret.publicKey == key.key, "a note is signed with the key that it names")
        let signature = Base64.encode(key.id + (try secret.sign(Array(text.utf8))))
        return Array("\(text)\n\(mark)\(key.name) \(signature)\n".utf8)
    }
}
