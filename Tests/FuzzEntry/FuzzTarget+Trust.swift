import Model
import Trust

extension FuzzTarget {
    /// JSON that is trusted for nothing yet: envelopes, bundles, statements, builders.
    static let json = Self(
        "json",
        ["trust/corpus"],
        words: [
            "{", "}", "[", "]", ",", ":", "\"", "\\u", "\\ud800", "null", "-", "1e9", "0", "=", "e30=", "\u{0}",
            "\u{301}",
            #""payload":"#, #""signatures":[]"#, #""keyid":1"#, #""dsseEnvelope":{"#, #""mediaType":"#,
        ]
    ) { bytes in
        let artifact = Digest(bytes: [UInt8](repeating: 0xAB, count: 32))
        return count(
            [
                { try readValue(bytes) }, { _ = try DSSEEnvelope(json: bytes) },
                { _ = try Provenance(signed(bytes), of: artifact) }, { _ = try TrustedBuilder(json: bytes, name: "f") },
            ],
            isTold: isTold
        )
    }

    /// Signatures of `ssh-keygen`, as they are and as what they hold, so that damage is not caught by the armour alone.
    static let sshSignature = Self(
        "sshsig",
        ["trust/sshsig"],
        words: [
            "-----BEGIN SSH SIGNATURE-----\n", "\n-----END SSH SIGNATURE-----", "SSHSIG", "\u{0}\u{0}\u{0}\u{1}",
            "fleet-order",
            "ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "sk-ssh-ed25519@openssh.com", "sha512", "ssh:",
        ]
    ) { bytes in
        let text = "-----BEGIN SSH SIGNATURE-----\n\(Base64.encode(bytes))\n-----END SSH SIGNATURE-----\n"
        return count(
            [bytes, Array(text.utf8)].map { armored in
                { _ = try SSHSignature(armored: armored).isValid(on: [0]) }
            },
            isTold: isTold
        )
    }

    /// The lists of people who may approve.
    static let signers = Self(
        "signers",
        ["trust/signers"],
        words: [
            "*", "!", ",", "\"", "namespaces=\"", "valid-after=\"20", "valid-before=\"", "cert-authority",
            "ssh-ed25519 AAAA",
            "Z\"", "#", "\r\n", "\u{2028}",
        ]
    ) { bytes in
        count(
            [
                {
                    let list = try AllowedSigners(parsing: bytes, name: "f")
                    for entry in list.entries {
                        _ = list.names(of: entry.person)
                        _ = try? list.owner(of: entry.key, namespace: "fleet-order", at: WallTime(milliseconds: 0))
                    }
                }
            ],
            isTold: isTold
        )
    }

    private static func isTold(_ error: any Error) -> Bool { (error as? TrustError)?.advice.isEmpty == false }

    /// What has a canonical form has only one.
    private static func readValue(_ bytes: [UInt8]) throws {
        let value = try JSONValue(parsing: bytes)
        guard let canonical = try? value.canonicalBytes() else { return }
        precondition((try? JSONValue(parsing: canonical).canonicalBytes()) == canonical)
    }

    private static let key = Result { try SigningKey.generate() }

    /// The bytes as a statement that a trusted builder has signed: it may be wrong all the same.
    private static func signed(_ statement: [UInt8]) throws -> VerifiedPayload {
        var envelope = DSSEEnvelope(payloadType: Provenance.payloadType, payload: statement)
        let key = try key.get()
        try envelope.sign(with: key)
        return try envelope.verify(with: [key.publicKey])
    }
}
