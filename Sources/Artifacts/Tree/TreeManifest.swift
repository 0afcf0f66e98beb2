package import Model
import Trust

/// Everything that a release's tree holds, one line per entry, sorted by the bytes of its path.
///
/// A line has a letter (`d`, `f`, `l`), mode, size, SHA-256 or link target, and path, separated by tabs, which no path
/// contains. The same tree gives the same bytes on every machine, so the manifest's digest names the tree.
package struct TreeManifest: Hashable, Sendable {
    private static let header = "fleet-tree 1\n"

    /// The exact text; what is stored beside a release.
    package let bytes: [UInt8]

    package init(_ entries: [TreeEntry]) {
        var text = Array(Self.header.utf8)
        for entry in entries.sorted(by: { $0.path < $1.path }) { Self.append(entry, to: &text) }
        bytes = text
    }

    /// Takes a manifest's text and checks every line of it.
    ///
    /// - Throws: `ArtifactError` when it isn't exactly what `init(_:)` writes.
    package init(parsing bytes: [UInt8]) throws(ArtifactError) {
        self.bytes = bytes
        guard Self(try entries()).bytes == bytes else { throw Self.damaged("is not in canonical form") }
    }

    package var digest: Digest { SHA256.digest(of: bytes) }

    package func entries() throws(ArtifactError) -> [TreeEntry] {
        guard bytes.starts(with: Self.header.utf8), bytes.last == UInt8(ascii: "\n") else {
            throw Self.damaged("has no header or no end")
        }
        let lines = bytes.dropFirst(Self.header.utf8.count).split(separator: UInt8(ascii: "\n"))
        var entries: [TreeEntry] = []
        entries.reserveCapacity(lines.count)
        for line in lines { entries.append(try Self.entry(line)) }
        return entries
    }

    private static func append(_ entry: TreeEntry, to text: inout [UInt8]) {
        switch entry.kind {
        case .directory: text += "d\t0755\t-\t-\t".utf8
        case .file(let size, let digest, _):
            text += "f\t0\(String(entry.mode, radix: 8))\t\(size.bytes)\t\(digest.hex)\t".utf8
        case .link(let target):
            text += "l\t0777\t-\t".utf8
            text += target.bytes
            text.append(UInt8(ascii: "\t"))
        }
        text += entry.path.bytes
        text.append(UInt8(ascii: "\n"))
    }

    private static func entry(_ line: ArraySlice<UInt8>) throws(ArtifactError) -> TreeEntry {
        let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        guard fields.count == 5 else { throw damaged("has a line without five fields") }
        let path = try TreePath(Array(fields[4]))
        let words = fields[0...2].map { String(decoding: $0, as: UTF8.self) }
        switch (words[0], words[1]) {
        case ("d", "0755"): return TreeEntry(path: path, kind: .directory)
        case ("l", "0777"): return TreeEntry(path: path, kind: .link(try LinkTarget(Array(fields[3]), at: path)))
        case ("f", "0644"), ("f", "0755"):
            guard let size = Int64(words[2]), let digest = Digest(String(decoding: fields[3], as: UTF8.self)) else {
                throw damaged("has a file without size or digest")
            }
            let kind = TreeEntry.Kind.file(size: ByteCount(size), digest: digest, isExecutable: words[1] == "0755")
            return TreeEntry(path: path, kind: kind)
        case (_, _): throw damaged("has a line of an unknown kind")
        }
    }

    private static func damaged(_ what: String) -> ArtifactError {
        ArtifactError(.malformed, "the tree's manifest \(what); unpack the release again")
    }
}
