internal import Model
internal import Protocol
internal import Session
internal import Trust

/// Shows a host that our ledger continues what the host has seen of it.
struct LedgerProof: Sendable {
    let ledger: Ledger
    let signer: LedgerSigner
    /// What the rollout is for.
    let purpose: Purpose

    /// A checkpoint of now, and the proof from where the host stands by its own word.
    ///
    /// A host that lies about that only gets a proof that helps nobody.
    func history(for session: Session) async throws -> LedgerHistory {
        let seen = try await session.checkpoints().compactMap { note in
            // What is no note of ours is of another ledger, or of a host that talks nonsense.
            try? Checkpoint(parsing: SignedNote(parsing: note).text)
        }
        let since = seen.first { $0.origin == signer.origin.description }?.size ?? 0
        let found = try await ledger.history(since: since, signer.origin, signedWith: signer.key)
        return LedgerHistory(checkpoint: found.checkpoint.note, since: since, proof: found.proof, purpose: purpose)
    }
}

extension Plan.Kind {
    /// What a host is told that a rollout of this kind is for.
    var purpose: Purpose {
        switch self {
        case .deploy: .deploy
        // What was ordered before must not come late.
        case .rollback, .remove: .rollback
        case .restart: .restart
        }
    }
}
