internal import Model

/// A path inside an artifact's tree as exact bytes, checked by every rule that needs no other entry.
///
/// Bytes, not `String`: Swift takes composed and decomposed letters for equal, a filesystem does not.
package struct TreePath: Hashable, Comparable, Sendable {
    /// Deepest accepted nesting: each level costs an open descriptor while unpacking.
    package static let maximumDepth = 100

    package let bytes: [UInt8]

    /// Takes the name that an archive gives: a leading `./` and a directory's final `/` are dropped, `.` is nil.
    package init?(archived name: [UInt8], maximumLength: Int) throws(ArtifactError) {
        var slice = name[...]
        if slice.first == UInt8(ascii: "/") { throw Self.refusal(name, .absolutePath) }
        while slice.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { slice = slice.dropFirst(2) }
        if slice.last == UInt8(ascii: "/") { slice = slice.dropLast() }
        if slice.elementsEqual([UInt8(ascii: ".")]) || slice.isEmpty && name.first == UInt8(ascii: ".") { return nil }
        try self.init(Array(slice), maximumLength: maximumLength)
    }

    /// - Throws: `ArtifactError` with the rule that the path breaks.
    package init(_ bytes: [UInt8], maximumLength: Int = 4000) throws(ArtifactError) {
        if let rule = Self.brokenText(bytes) { throw Self.refusal(bytes, rule) }
        let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if bytes.first == UInt8(ascii: "/") { throw Self.refusal(bytes, .absolutePath) }
        if components.contains(where: { $0.elementsEqual("..".utf8) }) { throw Self.refusal(bytes, .parentPath) }
        if components.contains(where: { $0.isEmpty || $0.elementsEqual(".".utf8) }) {
            throw Self.refusal(bytes, .emptyComponent)
        }
        let isShort = bytes.count <= maximumLength && components.allSatisfy { $0.count <= 255 }
        guard isShort, components.count <= Self.maximumDepth else { throw Self.refusal(bytes, .pathTooLong) }
        if let top = components.first, top.elementsEqual(".fleet".utf8) { throw Self.refusal(bytes, .reservedName) }
        self.bytes = bytes
    }

    /// For people; every accepted path is valid UTF-8, so nothing is lost.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    package var depth: Int { bytes.count { $0 == UInt8(ascii: "/") } + 1 }

    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

    /// The rule that a name or link target breaks as a text, or nil.
    ///
    /// Control characters are those of ASCII and C1 (U+0080 to U+009F): both steer terminals.
    package static func brokenText(_ bytes: [UInt8]) -> EntryRule? {
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return .controlCharacter }
        if bytes.allSatisfy({ $0 < 0x80 }) { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { return .invalidText }
        return text.unicodeScalars.contains { (0x80..<0xA0).contains($0.value) } ? .controlCharacter : nil
    }

    private static func refusal(_ bytes: [UInt8], _ rule: EntryRule) -> ArtifactError {
        let text = String(decoding: bytes.prefix(300), as: UTF8.self)
        let shown = text.unicodeScalars.map { $0.isUnseen ? "\u{FFFD}" : String($0) }
        return ArtifactError(.entryRefused, path: shown.joined(), rule: rule, rule.advice)
    }
}
