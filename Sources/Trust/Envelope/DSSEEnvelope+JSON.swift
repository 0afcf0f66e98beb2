extension DSSEEnvelope {
    /// More signatures than this are refused before any is checked, because each check costs CPU.
    private static let maximumSignatures = 32

    /// Parses an envelope, also one in a Sigstore bundle; members that the specifications don't name are ignored.
    ///
    /// A bundle's own material, a certificate or a log's entry, proves nothing here: only the keys that a host trusts do.
    ///
    /// - Throws: `TrustError` that says which member is wrong.
    package init(json bytes: [UInt8]) throws(TrustError) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw TrustError(.envelopeInvalid, "envelope", error.advice, offset: error.offset)
        }
        let envelope = try Self.unwrapped(document)
        guard let type = envelope["payloadType"]?.string, let text = envelope["payload"]?.string,
            let list = envelope["signatures"]?.array
        else { throw Self.refusal("misses payloadType, payload or signatures: it is no DSSE envelope") }
        guard let payload = Base64.decode(text) else { throw Self.refusal("has a payload that is no base64") }
        guard list.count <= Self.maximumSignatures else {
            throw Self.refusal("carries \(list.count) signatures, more than the \(Self.maximumSignatures) allowed")
        }
        var signatures: [Signature] = []
        for element in list { signatures.append(try Self.signature(element)) }
        self.init(payloadType: type, payload: payload, signatures: signatures)
    }

    /// What a Sigstore bundle carries (sigstore/protobuf-specs, sigstore_bundle.proto); anything else as it is.
    private static func unwrapped(_ document: JSONValue) throws(TrustError) -> JSONValue {
        guard let mediaType = document["mediaType"]?.string, mediaType.contains("sigstore.bundle") else {
            return document
        }
        guard mediaType == bundleType else { throw refusal("is a '\(mediaType)', expected '\(bundleType)'") }
        guard let envelope = document["dsseEnvelope"] else {
            throw refusal(
                "is a bundle without 'dsseEnvelope': attest the artifact, a signature of the bare file says nothing of it"
            )
        }
        return envelope
    }

    private static let bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    private static func signature(_ element: JSONValue) throws(TrustError) -> Signature {
        guard let bytes = element["sig"]?.string.flatMap(Base64.decode), !bytes.isEmpty else {
            throw refusal("has a signature without base64 in 'sig'")
        }
        switch element["keyid"] {
        case nil, .null: return Signature(keyID: nil, bytes: bytes)
        case .string(let hint): return Signature(keyID: hint.isEmpty ? nil : hint, bytes: bytes)
        case .bool, .integer, .decimal, .array, .object: throw refusal("has a keyid that is no string")
        }
    }

    private static func refusal(_ advice: String) -> TrustError {
        TrustError(.envelopeInvalid, "envelope", advice)
    }

    /// The envelope as JSON, standard base64, in canonical form.
    package func json() throws(TrustError) -> [UInt8] {
        let signatures = signatures.map { signature in
            let hint = signature.keyID.map { [JSONValue.Member("keyid", .string($0))] } ?? []
            return JSONValue.object(hint + [JSONValue.Member("sig", .string(Base64.encode(signature.bytes)))])
        }
        return try JSONValue.object([
            JSONValue.Member("payload", .string(Base64.encode(payload))),
            JSONValue.Member("payloadType", .string(payloadType)),
            JSONValue.Member("signatures", .array(signatures)),
        ]).canonicalBytes()
    }
}
