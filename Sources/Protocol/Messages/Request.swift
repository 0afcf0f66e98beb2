package import Model

/// What one peer asks of the other.
package enum Request: Hashable, Sendable {
    /// Answered with `reply`.
    case command(HostCommand)
    /// Answered with `status`.
    case status
    /// A host report now and at each change, as `report` events until cancelled.
    ///
    /// Who runs a rollout says so: its claim lives as long as the reports are taken.
    case reports(runs: RolloutID?)
    /// Answered with `facts`.
    case facts
    /// Answered with `history`.
    case history(HistoryQuery)
    /// Answered with `figures`.
    case figures(ServiceName)
    /// Journal lines as `logs` events, then `ended`.
    case logs(LogQuery)
    /// Answered with `artifact`.
    case findArtifact(Digest)
    /// Answered with `artifact` once the bytes are stored, or not wanted.
    case pushArtifact(ArtifactOffer, on: StreamID)
    /// Lets rollouts touch a held service again; answered with `reply`.
    case unhold(ServiceName)
    /// A question to a coordinator's desk, as JSON; answered with `desk` events, then `ended`.
    case desk([UInt8])
    /// Answered with `checkpoints`.
    case checkpoints
    /// Introduces or recovers a ledger at an approver's word; answered with `ended`.
    case ledgerWord(LedgerWord)
    /// Hands over a revocation list in PEM, if there is one, and asks how the host stands; answered with `membership`.
    case membership(revocations: [UInt8])
    /// Answered with `certificateRequest`, for a key that is made for it.
    case requestCertificate
    /// The chain in PEM for the key of the latest request; answered with `membership`.
    case installCertificate(chain: [UInt8])
    /// Answered with `trust`.
    case trust
    /// The next trust root, as its signed bytes; answered with `trust` once the host follows it.
    case publishTrust([UInt8])
    /// Receipts that follow the newest one that is known; answered with `receipts`.
    case receipts(after: ReceiptHead)
    /// Asks, as a guest, to be made a member; answered with `joined`.
    case join(JoinRequest)
    /// Answered with `bulkTicket`; the session itself answers it.
    case openBulk
    /// Answered with `bulkDialed`; the session itself answers it.
    case dialBulk(BulkToken)
}
