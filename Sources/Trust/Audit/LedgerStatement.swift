package import Model

/// What an approver signs about a ledger, so that hosts accept it (with `ssh-keygen -Y sign`).
///
/// Its canonical JSON is what is signed and travels.
package struct LedgerStatement: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// Hosts that were enrolled by another ledger shall believe this one, too.
        case introduction = "ledger.introduction"
        /// The ledger was restored from a backup: it goes on where `checkpoint` says, and what is `lost` stays lost.
        case recovery = "ledger.recovery"

        /// What a signature is made for: one kind of statement is never taken for the other.
        package var namespace: String {
            switch self {
            case .introduction: "fleet-introduction"
            case .recovery: "fleet-recovery"
            }
        }
    }

    /// The highest checkpoint that hosts have seen and the restored ledger does not continue.
    package struct Lost: Hashable, Codable, Sendable {
        package let size: Int64
        package let root: Digest

        package init(size: Int64, root: Digest) {
            self.size = size
            self.root = root
        }
    }

    package var kind: Kind
    /// The ledger's key under its origin, `NAME+ID+KEY`.
    package var ledger: String
    package var at: WallTime
    /// Why, in the words of who asks for the signature.
    package var why: String
    /// The signed note from which the ledger goes on; of a recovery.
    package var checkpoint: String?
    package var lost: Lost?

    package init(
        _ kind: Kind,
        ledger: NoteKey,
        at: WallTime,
        why: String,
        checkpoint: SignedCheckpoint? = nil,
        lost: Lost? = nil
    ) {
        self.kind = kind
        self.ledger = "\(ledger)"
        self.at = at
        self.why = why
        self.checkpoint = checkpoint.map { String(decoding: $0.note, as: UTF8.self) }
        self.lost = lost
    }

    /// How long hosts take a statement after it was written.
    package static let lifetime = TimeSpan.days(7)

    /// The statement in exactly these bytes, and the approver who has signed it.
    ///
    /// - Throws: `TrustError` for bytes that are no statement, a signature of nobody in `approvers` or for something else,
    ///   and a statement that is too old or from the future.
    package static func verify(
        _ word: LedgerWord,
        approvers: AllowedSigners,
        at now: WallTime
    ) throws(TrustError) -> (statement: Self, approver: String) {
        let statement = try CanonicalJSON.decode(Self.self, from: word.statement)
        let signature = try SSHSignature(armored: word.signature, name: "signature of the statement")
        let namespace = statement.kind.namespace
        guard signature.namespace == namespace else {
            let advice = "is made for '\(signature.namespace)': sign with 'ssh-keygen -Y sign -n \(namespace)'"
            throw TrustError(.signatureInvalid, "signature of the statement", advice)
        }
        let owner = try approvers.owner(of: signature.key, namespace: namespace, at: now)
        guard try signature.isValid(on: word.statement) else {
            let advice = "is not on this statement: was it changed?"
            throw TrustError(.signatureInvalid, "signature of \(owner.person)", advice)
        }
        guard now < statement.at + lifetime, statement.at < now + .minutes(5) else {
            let advice = "is of \(statement.at), it is \(now) here: it holds for \(lifetime); make a new one"
            throw TrustError(.notApproved, "statement", advice)
        }
        return (statement, owner.person)
    }
}
