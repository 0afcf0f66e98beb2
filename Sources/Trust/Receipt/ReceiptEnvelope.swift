package import Model

/// How a host signs its receipts: DSSE, with a type of their own.
///
/// The key is that of the host's TLS certificate. What it signs there begins with 64 spaces (RFC 8446, section 4.4.3), a
/// certificate request with a DER sequence, and this with `DSSEv1` and the type: none can be taken for another.
package enum ReceiptEnvelope {
    /// Covered by the signature.
    package static let payloadType = "application/vnd.fleet.receipt+json"

    /// Bytes of a receipt: the ledger keeps it for ever, so that a host must not fill it.
    private static let longest = 16 << 10

    /// The bytes that a signature on a receipt covers.
    private static func signedBytes(_ statement: [UInt8]) -> [UInt8] {
        DSSEEnvelope(payloadType: payloadType, payload: statement).signedBytes
    }

    /// Signs a receipt's exact bytes.
    package static func sign(_ statement: [UInt8], with key: SigningKey) throws(TrustError) -> [UInt8] {
        try key.sign(signedBytes(statement))
    }

    /// The receipt in exactly these bytes, once `key` has signed them.
    ///
    /// - Throws: `TrustError` for another key's signature, other bytes, and what is no receipt.
    package static func verify(
        _ entry: ReceiptBatch.Entry,
        by key: VerificationKey
    ) throws(TrustError) -> Receipt {
        guard entry.statement.count <= longest else {
            let advice = "has \(entry.statement.count) bytes; no host writes more than \(longest)"
            throw TrustError(.receiptInvalid, "receipt", advice)
        }
        guard key.isValid(entry.signature, on: signedBytes(entry.statement)) else {
            let advice = "is not signed with the key of the certificate that came with it: was it changed?"
            throw TrustError(.signatureInvalid, "receipt", advice)
        }
        return try CanonicalJSON.decode(Receipt.self, from: entry.statement)
    }
}
