import Model

/// A signed payload as in DSSE 1.0: its type, its bytes, and signatures on both.
///
/// Follows github.com/secure-systems-lab/dsse, protocol.md and envelope.md. Key ids in an envelope are not signed; they
/// are hints and nothing else.
package struct DSSEEnvelope: Hashable, Sendable {
    package let payloadType: String
    package let payload: [UInt8]
    package private(set) var signatures: [Signature]

    package struct Signature: Hashable, Sendable {
        /// Whatever the signer called its key.
        package let keyID: String?
        package let bytes: [UInt8]

        package init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    package init(payloadType: String, payload: [UInt8], signatures: [Signature] = []) {
        self.payloadType = payloadType
        self.payload = payload
        self.signatures = signatures
    }

    /// The bytes that signatures cover (pre-authentication encoding).
    package var signedBytes: [UInt8] {
        let header = "DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) "
        return Array(header.utf8) + payload
    }

    /// Adds the signature of `key`.
    package mutating func sign(with key: SigningKey) throws(TrustError) {
        let bytes = try key.sign(signedBytes)
        signatures.append(Signature(keyID: key.publicKey.id.hex, bytes: bytes))
    }

    /// With those of the signatures that are not here yet.
    func adding(_ more: [Signature]) -> Self {
        let new = more.filter { !signatures.contains($0) }
        return Self(payloadType: payloadType, payload: payload, signatures: signatures + new)
    }

    /// Those of `keys` that signed this envelope, each once, in the order of `keys`.
    package func signers(among keys: [VerificationKey]) -> [VerificationKey] {
        let message = signedBytes
        var seen: Set<Digest> = []
        return keys.filter { key in
            guard !seen.contains(key.id) else { return false }
            guard signatures.contains(where: { key.isValid($0.bytes, on: message) }) else { return false }
            seen.insert(key.id)
            return true
        }
    }

    /// The payload, once at least `threshold` distinct keys have signed it.
    ///
    /// - Throws: `TrustError`: unsigned, signed by none of the keys, or by too few of them.
    package func verify(with keys: [VerificationKey], threshold: Int = 1) throws(TrustError) -> VerifiedPayload {
        precondition(threshold > 0, "a threshold of 0 would believe anything")
        guard !signatures.isEmpty else {
            throw TrustError(.unsigned, "envelope", "carries no signature: sign it with 'fleet artifact sign'")
        }
        let signers = signers(among: keys)
        guard !signers.isEmpty else {
            let hints = signatures.compactMap { $0.keyID.map { "'\($0.prefix(64))'" } }.joined(separator: ", ")
            throw TrustError(
                .unknownKey,
                "envelope",
                "has no valid signature by any of the \(keys.count) trusted keys; it names \(hints.isEmpty ? "none" : hints)"
            )
        }
        guard signers.count >= threshold else {
            let advice = "is signed by \(signers.count) of \(threshold) distinct trusted keys that are needed"
            throw TrustError(.belowThreshold, "envelope", advice)
        }
        return VerifiedPayload(type: payloadType, bytes: payload, signers: signers)
    }
}
