/// Receipts of a host in their order, signed with its key of now.
package struct ReceiptBatch: Hashable, Codable, Sendable {
    package struct Entry: Hashable, Codable, Sendable {
        /// Exact bytes of a `Receipt`.
        package var statement: [UInt8]
        package var signature: [UInt8]

        package init(statement: [UInt8], signature: [UInt8]) {
            self.statement = statement
            self.signature = signature
        }
    }

    package var entries: [Entry]
    /// The certificate of the key, and what leads from it to the authority's root, in PEM.
    package var chain: [UInt8]

    package init(entries: [Entry], chain: [UInt8]) {
        self.entries = entries
        self.chain = chain
    }

    /// Receipts in one answer: few enough for a frame, enough to catch up soon.
    package static let most = 64
}
