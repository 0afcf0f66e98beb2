internal import Model
package import Trust

/// The check of an export, which needs the file and the ledger's public key, and nothing of a workspace.
package struct AuditVerification: Hashable, Encodable, Sendable {
    /// Whose records these are.
    package let ledger: String
    /// The first record's number in the ledger, from 1.
    package let first: Int64
    package let records: Int64
    /// Records that the ledger had when it was exported.
    package let ledgerSize: Int64

    /// Reads a file and believes nothing of it.
    ///
    /// - Throws: `TrustError` that says what is wrong, `CoordinatorError` for a file that can't be read.
    package init(file path: String, key: NoteKey) throws {
        var lines = try FileLines(path: path)
        guard let header = try lines.next() else {
            throw CoordinatorError(.fileUnusable, "\(path) is empty; write one with 'fleet audit export'")
        }
        var check = try AuditExportCheck(header: header, key: key)
        while let line = try lines.next() { try check.take(line) }
        try check.finish()
        ledger = check.checkpoint.origin
        first = check.header.after + 1
        records = check.header.count
        ledgerSize = check.checkpoint.size
    }

    /// The key in a file such as `.fleet/keys/ledger.pub`.
    package static func key(file path: String) throws -> NoteKey {
        let text = String(decoding: try SmallFile.read(path), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.count == 1, let line = lines.first else {
            throw CoordinatorError(.fileUnusable, "\(path) has \(lines.count) lines, expected one: NAME+ID+KEY")
        }
        return try NoteKey(parsing: String(line))
    }
}
