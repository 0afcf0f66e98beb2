/// Files with envelopes that speak of an artifact, as people bring them to a host.
enum EnvelopeFile {
    /// The envelopes of a file: one, or in a `.jsonl` one per line (in-toto's bundles).
    static func read(_ path: String) throws(FileError) -> [[UInt8]] {
        let bytes = try Directory.content(of: path)
        guard path.hasSuffix(".jsonl") else { return [bytes] }
        return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}
