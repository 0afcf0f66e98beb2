/// Something in a ledger that its hosts' receipts do not bear out, or a review that does not count.
package struct AuditFinding: Hashable, Encodable, Sendable {
    /// Number of the record that it is about.
    package let record: Int64
    /// What is wrong, as a sentence that begins with the record.
    package let text: String
}
