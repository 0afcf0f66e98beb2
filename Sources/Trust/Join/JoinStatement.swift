package import Model

/// What a host that joins says of itself; the token's key signs its canonical JSON.
package struct JoinStatement: Hashable, Codable, Sendable {
    package let fleet: FleetName
    package let host: HostID
    /// Base64 of the connection's channel binding (RFC 9266): on another connection it is worth nothing.
    package let binding: String
    /// The host's clock: certificates are of no use where it is far off.
    package let at: WallTime
    /// PKCS #10 request in PEM.
    package let request: String
    /// Digest of the files that the token makes the host believe.
    package let trust: Digest

    package init(_ token: JoinToken, binding: [UInt8], at: WallTime, request: [UInt8]) {
        fleet = token.fleet
        host = token.host
        self.binding = Base64.encode(binding)
        self.at = at
        self.request = String(decoding: request, as: UTF8.self)
        trust = token.trust
    }

    /// In front of what is signed, so that it is never taken for something else.
    private static let purpose = Array("fleet join\n".utf8)

    /// The bytes that travel, and the signature on them.
    package func signed(with token: JoinToken) throws(TrustError) -> (bytes: [UInt8], signature: [UInt8]) {
        let bytes = try CanonicalJSON.encode(self)
        return (bytes, try token.key.sign(Self.purpose + bytes))
    }

    /// Reads what `key` has signed.
    ///
    /// - Throws: `TrustError` when it has not, and for anything but a statement in canonical form.
    package init(_ bytes: [UInt8], signature: [UInt8], by key: VerificationKey) throws(TrustError) {
        guard key.isValid(signature, on: Self.purpose + bytes) else {
            throw TrustError(.signatureInvalid, "join request", "is not signed by its token \(key.id.short)")
        }
        self = try CanonicalJSON.decode(Self.self, from: bytes)
    }
}
