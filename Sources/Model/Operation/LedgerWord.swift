/// A person's signed word about a ledger, for hosts that would otherwise refuse it.
package struct LedgerWord: Hashable, Codable, Sendable {
    /// Canonical JSON of an introduction or a recovery, as the exact bytes that were signed.
    package var statement: [UInt8]
    /// SSHSIG of an approver on `statement`.
    package var signature: [UInt8]

    package init(statement: [UInt8], signature: [UInt8]) {
        self.statement = statement
        self.signature = signature
    }
}
