package import Model

extension SSHSignature {
    /// Who has signed exactly `message` for this namespace, as `signers` names them.
    ///
    /// - Throws: `TrustError` that says what is wrong; `name` is what messages call the signature.
    package func signer(
        of message: [UInt8],
        for namespace: String,
        among signers: AllowedSigners,
        at now: WallTime,
        name: String
    ) throws(TrustError) -> String {
        guard self.namespace == namespace else {
            let advice = "is for '\(self.namespace)', expected '\(namespace)': sign with -n \(namespace)"
            throw TrustError(.signatureInvalid, name, advice)
        }
        let entry = try signers.owner(of: key, namespace: namespace, at: now)
        guard try isValid(on: message) else {
            throw TrustError(.signatureInvalid, name, "is not \(entry.person)'s on this order: was it changed since?")
        }
        return entry.person
    }
}
