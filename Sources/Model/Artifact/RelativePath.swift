/// A path inside a release's tree: relative, without `.` or `..` or empty components.
package struct RelativePath:
    Hashable, Comparable, Codable, Sendable, CustomStringConvertible, LosslessStringConvertible
{
    package let text: String

    package init(parsing text: String) throws(ModelError) {
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = components.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
        guard !text.isEmpty, text.utf8.count <= 4000, isPlain else {
            throw ModelError(
                .invalidPath,
                found: text,
                advice: "is no path inside a release: write it relative to the release, without '.', '..' or '//'"
            )
        }
        self.text = text
    }

    package init?(_ description: String) {
        guard let path = try? Self(parsing: description) else { return nil }  // init? asks only whether
        self = path
    }

    package var description: String { text }

    /// The last component.
    package var name: String {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return text }
        return String(text[text.utf8.index(after: slash)...])
    }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
