package import Model
package import Trust

/// Where somebody else says that they have looked at what was done in an emergency.
package struct ReviewDesk: Sendable {
    private let ledger: Ledger
    private let signer: LedgerSigner
    private let layout: WorkspaceLayout

    package init(_ ledger: Ledger, _ signer: LedgerSigner, _ layout: WorkspaceLayout) {
        self.ledger = ledger
        self.signer = signer
        self.layout = layout
    }

    /// What nobody has reviewed yet, oldest first.
    package func open() async throws -> [BrokenGlass] { try await ledger.openReviews() }

    /// What a reviewer signs about the emergency of this record.
    ///
    /// - Throws: `CoordinatorError` for a record that asks for no review.
    package func statement(on record: Int64, because why: String, at now: WallTime) async throws -> ReviewStatement {
        let broken = try await ledger.openReview(record)
        return ReviewStatement(
            ledger: try signer.publicKey(),
            record: record,
            leaf: try await ledger.leaf(of: record),
            breaker: broken.by,
            why: why,
            at: now
        )
    }

    /// Records a review, and answers who has signed it.
    ///
    /// - Throws: `TrustError` for a signature that does not count, `CoordinatorError` for a statement about something else.
    package func take(_ word: LedgerWord, by author: Author, at now: WallTime) async throws -> String {
        let approvers = try AllowedSigners.load(path: layout.approvers)
        let breakers = SmallFile.exists(layout.breakGlass) ? try AllowedSigners.load(path: layout.breakGlass) : nil
        let (found, reviewer) = try ReviewStatement.verify(word, approvers: approvers, breakers: breakers, at: now)
        let broken = try await ledger.openReview(found.record)
        let expected = try await statement(on: found.record, because: found.why, at: found.at)
        guard found == expected else {
            let advice =
                "the review is about another record, person or ledger than record \(found.record) here: sign anew"
            throw CoordinatorError(.approval, advice)
        }
        try await ledger.record(reviewOf: broken, word, by: author, at: now)
        return reviewer
    }
}
