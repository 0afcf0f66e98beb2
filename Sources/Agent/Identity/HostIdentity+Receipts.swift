internal import Model
internal import TLS
internal import Trust

extension HostIdentity {
    /// Receipts in these exact bytes, signed with the key of the certificate that this host shows now.
    func signed(_ statements: [[UInt8]]) throws -> ReceiptBatch {
        let key = try SigningKey(pem: try identity.pem().reveal(), name: "the host's key")
        return ReceiptBatch(
            entries: try statements.map {
                ReceiptBatch.Entry(statement: $0, signature: try ReceiptEnvelope.sign($0, with: key))
            },
            chain: try CertificateChain(identity).pem
        )
    }
}
