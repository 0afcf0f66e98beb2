package import Model

/// A trust root with the signatures that were given to it so far; read, but not believed.
package struct SignedRoot: Hashable, Sendable {
    package private(set) var envelope: DSSEEnvelope
    /// What its payload says, whoever signed it.
    package let root: TrustRoot

    /// A new one, which nobody has signed.
    package init(_ root: TrustRoot) throws(TrustError) {
        self.root = root
        envelope = DSSEEnvelope(payloadType: TrustRoot.payloadType, payload: try root.payload())
    }

    /// Reads an envelope.
    ///
    /// - Throws: `TrustError` for another type, and for a root that can't be.
    package init(json bytes: [UInt8], name: String = "trust root") throws(TrustError) {
        guard bytes.count <= TrustRoot.maximumSize else {
            throw TrustError(
                .rootInvalid,
                name,
                "has \(bytes.count) bytes, more than the \(TrustRoot.maximumSize) allowed"
            )
        }
        do {
            envelope = try DSSEEnvelope(json: bytes)
        } catch {
            throw error.about(name)
        }
        guard TrustRoot.payloadType.isExactly(envelope.payloadType) else {
            throw TrustError(.rootInvalid, name, "is '\(envelope.payloadType)'; expected '\(TrustRoot.payloadType)'")
        }
        root = try TrustRoot(payload: envelope.payload)
    }

    package func json() throws(TrustError) -> [UInt8] { try envelope.json() + [0x0A] }

    /// SHA-256 of what is signed.
    package var digest: Digest { SHA256.digest(of: envelope.payload) }

    /// The names of those of `root`'s keys that signed this one.
    package func signers(among root: TrustRoot) -> [String] {
        let signed = Set(envelope.signers(among: root.keys.map(\.key)).map(\.id))
        return root.keys.filter { signed.contains($0.key.id) }.map(\.name)
    }

    /// Adds a signature; one by the same key is not added twice.
    package mutating func sign(with key: SigningKey) throws(TrustError) {
        guard envelope.signers(among: [key.publicKey]).isEmpty else { return }
        try envelope.sign(with: key)
    }

    /// Adds the signatures that a copy has got elsewhere.
    ///
    /// - Throws: `TrustError.Code.rootInvalid` for another root.
    package mutating func add(signaturesOf copy: Self) throws(TrustError) {
        guard copy.envelope.payload == envelope.payload else {
            throw TrustError(
                .rootInvalid,
                root.description,
                "differs from the signed copy (\(copy.digest.short), expected \(digest.short)): it was proposed anew since; "
                    + "sign the present one"
            )
        }
        envelope = envelope.adding(copy.envelope.signatures)
    }

    /// This root, if it may follow `held`; the decision that every host makes for itself.
    ///
    /// - Throws: `TrustError` that says which rule fails: fleet, version, or the signatures of the old or the new keys.
    package func following(_ held: TrustRoot) throws(TrustError) -> TrustRoot {
        func refusal(_ advice: String) -> TrustError { TrustError(.rootRefused, root.description, advice) }
        guard root.fleet == held.fleet else { throw refusal("is of another fleet than '\(held.fleet)'") }
        guard root.version > held.version else {
            throw refusal("can't follow version \(held.version): nobody goes back to an older trust root")
        }
        guard root.version == held.version + 1 else {
            throw refusal("can't follow version \(held.version): publish \(held.version + 1) first, none is left out")
        }
        try verify(by: held)
        try verify(by: root)
        return root
    }

    /// This root, if it is a first one: it has nobody to be signed by but its own keys.
    package func first() throws(TrustError) -> TrustRoot {
        guard root.version == 1 else {
            throw TrustError(.rootRefused, root.description, "is no first one: the roots before it are missing")
        }
        try verify(by: root)
        return root
    }

    private func verify(by signer: TrustRoot) throws(TrustError) {
        let names = signers(among: signer)
        guard names.count >= signer.threshold else {
            let found = names.isEmpty ? "none" : names.joined(separator: ", ")
            throw TrustError(
                .rootRefused,
                root.description,
                "needs the signatures of \(signer.threshold) of the \(signer.keys.count) keys of version \(signer.version), "
                    + "and has: \(found)"
            )
        }
    }
}
