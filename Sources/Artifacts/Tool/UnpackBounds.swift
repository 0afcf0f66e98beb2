package import Model

/// What an artifact may unfold to, signed with it or configured on the host.
package struct UnpackBounds: Hashable, Sendable {
    package var entries: Int
    /// Sum of all file sizes, and thereby also what a decompressor may produce.
    package var bytes: ByteCount
    /// Longest path in bytes.
    package var pathLength: Int

    /// The defaults are those of hosts (`limits` in `agent.yml`).
    package init(entries: Int = 200_000, bytes: ByteCount = .gibibytes(20), pathLength: Int = 1000) {
        self.entries = entries
        self.bytes = bytes
        self.pathLength = pathLength
    }

    /// Most bytes of the archive itself: contents, and per entry a header, padding and long names.
    package var archiveBytes: Int64 {
        let headers = Int64(clamping: entries).multipliedReportingOverflow(by: Int64(4096 + 2 * pathLength))
        let total = bytes.bytes.addingReportingOverflow(headers.partialValue)
        return headers.overflow || total.overflow ? .max : total.partialValue
    }
}
