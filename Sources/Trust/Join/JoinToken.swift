package import Model

/// What makes one server a member of the fleet, once: whom it may believe, and a key to be believed by.
///
/// As text it is a secret, as a value it prints without it. It names the fleet's root and the files of trust by their
/// digests, so nobody can answer in the coordinator's place, and no coordinator can make the host believe others than whoever
/// made the token meant. The coordinator keeps the token's id alone, which is the digest of a public key: what it stores and
/// what it is sent are worth nothing to a thief.
package struct JoinToken: Sendable, CustomStringConvertible {
    /// Tells a token from anything else that was pasted.
    private static let prefix = "fleet-join-1."
    private static let seedCount = 32

    package let fleet: FleetName
    package let host: HostID
    /// SHA-256 of the root certificate's DER.
    package let root: Digest
    /// What `digest(of:)` says of the files of trust.
    package let trust: Digest
    /// By the coordinator's clock, which alone decides.
    package let until: WallTime
    private let seed: Secret
    package let key: SigningKey

    /// A new token.
    package static func make(
        for host: HostID,
        of fleet: FleetName,
        root: Digest,
        trust: Digest,
        until: WallTime
    ) throws(TrustError) -> Self {
        var generator = SystemRandomNumberGenerator()
        let seed = (0..<seedCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return try Self(
            Content(
                fleet: fleet,
                host: host,
                key: Base64.encode(seed),
                root: root,
                trust: trust,
                until: until.milliseconds
            ),
            seed: Secret(seed)
        )
    }

    private init(_ content: Content, seed: Secret) throws(TrustError) {
        fleet = content.fleet
        host = content.host
        root = content.root
        trust = content.trust
        until = WallTime(milliseconds: content.until)
        self.seed = seed
        key = try SigningKey(seed: seed, name: "join token")
    }

    /// Names the token; no secret.
    package var id: Digest { key.publicKey.id }

    package var description: String { "join token \(id.short) for \(host) of fleet \(fleet)" }

    /// SHA-256 of canonical JSON that names every file of trust and the SHA-256 of what it holds.
    package static func digest(of files: [(path: String, bytes: [UInt8])]) throws(TrustError) -> Digest {
        let entries = files.map { [$0.path, SHA256.digest(of: $0.bytes).hex] }.sorted { $0[0] < $1[0] }
        return SHA256.digest(of: try CanonicalJSON.encode(entries))
    }

    // MARK: Text

    private struct Content: Codable {
        let fleet: FleetName
        let host: HostID
        let key: String
        let root: Digest
        let trust: Digest
        let until: Int64
    }

    /// The token as it is handed over; whoever has it before it is used can join in its host's place.
    package func text() throws(TrustError) -> Secret {
        let content = Content(
            fleet: fleet,
            host: host,
            key: Base64.encode(seed.reveal()),
            root: root,
            trust: trust,
            until: until.milliseconds
        )
        return Secret(Array((Self.prefix + Base64.encode(try CanonicalJSON.encode(content))).utf8))
    }

    /// Reads a token's text; white space around and in it is dropped.
    ///
    /// - Throws: `TrustError` with `joinTokenInvalid`, which never repeats the text.
    package init(parsing text: String) throws(TrustError) {
        let text = text.split(whereSeparator: \.isWhitespace).joined()
        guard text.hasPrefix(Self.prefix), let bytes = Base64.decode(String(text.dropFirst(Self.prefix.count))),
            // What is wrong with it would be told with parts of it.
            let content = try? CanonicalJSON.decode(Content.self, from: bytes),
            let seed = Base64.decode(content.key), seed.count == Self.seedCount
        else {
            throw TrustError(
                .joinTokenInvalid,
                "join token",
                "is not whole: copy what 'fleet host token' printed, from '\(Self.prefix)' to its end"
            )
        }
        try self.init(content, seed: Secret(seed))
    }
}
