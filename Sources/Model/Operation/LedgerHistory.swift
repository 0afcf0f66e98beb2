/// What a coordinator shows of its ledger when it claims a host.
///
/// A host that has seen the ledger before believes it only if nothing of what was there then is missing or changed.
package struct LedgerHistory: Hashable, Codable, Sendable {
    /// Where the ledger stands: a signed note, as exact bytes.
    package var checkpoint: [UInt8]
    /// Records that the host has seen, by its own word; what the proof begins at.
    package var since: Int64
    /// Proves that the first `since` records are the beginning of the checkpoint's (RFC 6962, section 2.1.2).
    package var proof: [Digest]
    /// What the claim is for: an unproven history suffices for a rollback to the confirmed predecessor, and nothing else.
    package var purpose: Purpose

    package init(checkpoint: [UInt8], since: Int64, proof: [Digest], purpose: Purpose) {
        self.checkpoint = checkpoint
        self.since = since
        self.proof = proof
        self.purpose = purpose
    }
}
