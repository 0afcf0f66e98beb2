internal import Model
internal import Storage
internal import Trust

/// The receipts of a host: one chain over all its services, kept for ever.
///
/// They are stored unsigned, in the transaction of the effect, which may happen where there is no key: at boot, before
/// anything else runs. Whoever asks gets them signed with the key of that moment, so that it has a certificate that holds.
extension AgentJournal {
    private static let receiptLog = AppendLog(table: "receipts")

    /// Adds what has ended to the chain, as part of the transaction that is open.
    func attest(_ acts: [HostAct], by host: HostID) throws {
        guard !acts.isEmpty else { return }
        var head = try receiptHead()
        for act in acts {
            let receipt = Receipt(host: host, sequence: head.sequence + 1, previous: head.digest, act: act)
            let bytes = try CanonicalJSON.encode(receipt)
            try Self.receiptLog.append([bytes], after: head.sequence, to: database)
            head = ReceiptHead(sequence: receipt.sequence, digest: SHA256.digest(of: bytes))
        }
    }

    /// How far the chain goes.
    func receiptHead() throws -> ReceiptHead {
        let last = try Self.receiptLog.last(in: database)
        return try receiptHead(at: last) ?? .none
    }

    private func receiptHead(at sequence: Int64) throws -> ReceiptHead? {
        let newest = try Self.receiptLog.entries(in: database, after: sequence - 1, limit: 1).first
        guard let newest, newest.sequence == sequence else { return nil }
        return ReceiptHead(sequence: sequence, digest: SHA256.digest(of: newest.record))
    }

    /// Exact bytes of the receipts that follow `known`, oldest first, as many as one answer holds.
    ///
    /// To somebody who knows another chain, of a journal that was lost or put back, they are given from the first.
    func receipts(after known: ReceiptHead) throws -> [[UInt8]] {
        let isOurs = known == .none ? true : try receiptHead(at: known.sequence) == known
        return try Self.receiptLog.entries(
            in: database,
            after: isOurs ? known.sequence : 0,
            limit: ReceiptBatch.most
        ).map(\.record)
    }
}
