package import Model

/// The state of a log in three lines: origin, size and root (C2SP tlog-checkpoint, without its signatures).
package struct Checkpoint: Hashable, Sendable, CustomStringConvertible {
    /// Which log; see `LedgerOrigin`.
    package let origin: String
    package let size: Int64
    package let root: Digest

    /// Takes the state of a log.
    ///
    /// - Throws: `TrustError` for an origin that is empty or spans lines.
    package init(origin: String, size: Int64, root: Digest) throws(TrustError) {
        guard !origin.isEmpty, !origin.utf8.contains(0x0A), size >= 0 else {
            throw TrustError(.checkpointInvalid, "checkpoint", "needs an origin of one line and a size from 0")
        }
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The body that a signature covers: three lines, each ended.
    package var description: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

    /// Parses the three lines; extension lines are refused, because nothing here would check them.
    package init(parsing text: String) throws(TrustError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[3].isEmpty, let size = Int64(lines[1]), "\(size)" == lines[1],
            let root = Base64.decode(String(lines[2])), root.count == Digest.byteCount
        else { throw TrustError(.checkpointInvalid, "checkpoint", "is not three lines: origin, size, base64 root") }
        try self.init(origin: String(lines[0]), size: size, root: Digest(bytes: root))
        guard description.utf8.elementsEqual(text.utf8) else {
            throw TrustError(.checkpointInvalid, "checkpoint", "is not written in its one proper form")
        }
    }
}
