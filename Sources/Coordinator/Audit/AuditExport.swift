package import Model
internal import Trust

/// All records of a ledger between two times, as lines that can be checked, or as a table for people.
package struct AuditExport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// A header with the proof, then the exact bytes of each record on a line: what `fleet audit verify` reads.
        case json
        /// RFC 4180, with the record itself in the last column. It carries no proof.
        case csv
    }

    private let ledger: Ledger
    private let signer: LedgerSigner

    package init(_ ledger: Ledger, _ signer: LedgerSigner) {
        self.ledger = ledger
        self.signer = signer
    }

    /// Records that are read and written at once.
    private static let batch: Int64 = 500

    /// Writes every record from `start` on and before `end`; returns how many.
    package func run(
        from start: WallTime? = nil,
        to end: WallTime? = nil,
        as format: Format,
        write: ([UInt8]) async throws -> Void
    ) async throws -> Int64 {
        let header = try await ledger.exportHeader(from: start, to: end, signer.origin, signedWith: signer.key)
        switch format {
        case .json: try await write(try CanonicalJSON.encode(header) + [0x0A])
        case .csv: try await write(Array(AuditTable.header.utf8))
        }
        var done: Int64 = 0
        while done < header.count {
            let limit = min(Self.batch, header.count - done)
            let records = try await ledger.recordBytes(after: header.after + done, limit: limit)
            guard !records.isEmpty else { break }
            var bytes: [UInt8] = []
            for (index, record) in records.enumerated() {
                switch format {
                case .json: bytes += record + [0x0A]
                case .csv: bytes += AuditTable.row(record, sequence: header.after + done + Int64(index) + 1).utf8
                }
            }
            try await write(bytes)
            done += Int64(records.count)
        }
        return done
    }
}
