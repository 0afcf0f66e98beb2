package import Model

/// A receipt of which we know that the host itself has signed exactly these bytes.
package struct VerifiedReceipt: Sendable {
    package let receipt: Receipt
    /// SHA-256 of the statement's exact bytes; what the next receipt names.
    package let digest: Digest
    package let entry: ReceiptBatch.Entry
    /// The certificate chain, as PEM.
    package let chain: [UInt8]

    package init(_ receipt: Receipt, digest: Digest, entry: ReceiptBatch.Entry, chain: [UInt8]) {
        self.receipt = receipt
        self.digest = digest
        self.entry = entry
        self.chain = chain
    }
}
