internal import Model
package import Trust

/// The right to say where one ledger stands.
package struct LedgerSigner: Sendable {
    package let origin: LedgerOrigin
    package let key: SigningKey

    package init(origin: LedgerOrigin, key: SigningKey) {
        self.origin = origin
        self.key = key
    }

    /// What whoever believes this ledger must know.
    package func publicKey() throws(TrustError) -> NoteKey {
        try NoteKey(name: origin.description, key: key.publicKey)
    }
}
