package import Model

/// What somebody signs who has looked at what another has done in an emergency (with `ssh-keygen -Y sign`).
///
/// Its canonical JSON is what is signed and recorded.
package struct ReviewStatement: Hashable, Codable, Sendable {
    /// The ledger's key under its origin, `NAME+ID+KEY`.
    package var ledger: String
    /// Number of the record that tells of the emergency, from 1.
    package var record: Int64
    /// That record's leaf in the ledger's tree: its exact content.
    package var leaf: Digest
    /// Who has broken the glass.
    package var breaker: String
    /// What was found, in the words of the reviewer.
    package var why: String
    package var at: WallTime

    package init(ledger: NoteKey, record: Int64, leaf: Digest, breaker: String, why: String, at: WallTime) {
        self.ledger = "\(ledger)"
        self.record = record
        self.leaf = leaf
        self.breaker = breaker
        self.why = why
        self.at = at
    }

    /// What a review is signed for.
    package static let namespace = "fleet-review"

    /// The statement in exactly these bytes, and who has signed it.
    ///
    /// `approvers` are who may review. `breakers` names the keys that break the glass: whoever holds one of those of the
    /// breaker is the same person under another name.
    ///
    /// - Throws: `TrustError` for a signature of nobody there, and for that of the person who has broken the glass.
    package static func verify(
        _ word: LedgerWord,
        approvers: AllowedSigners,
        breakers: AllowedSigners?,
        at now: WallTime
    ) throws(TrustError) -> (statement: Self, reviewer: String) {
        let statement = try CanonicalJSON.decode(Self.self, from: word.statement)
        let name = "signature of the review"
        let signature = try SSHSignature(armored: word.signature, name: name)
        let reviewer = try signature.signer(
            of: word.statement,
            for: namespace,
            among: approvers,
            at: now,
            name: name
        )
        var names = approvers.names(of: reviewer)
        var breaker = approvers.names(of: statement.breaker).union([statement.breaker])
        if let breakers {
            breaker.formUnion(breakers.names(of: statement.breaker))
            for entry in breakers.entries where entry.key == signature.key { names.formUnion(entry.principals) }
        }
        guard Set(names.map(PersonalName.key)).isDisjoint(with: breaker.map(PersonalName.key)) else {
            let advice =
                "is by \(reviewer), who has broken the glass as \(statement.breaker): another person must review it"
            throw TrustError(.notApproved, name, advice)
        }
        return (statement, reviewer)
    }
}
