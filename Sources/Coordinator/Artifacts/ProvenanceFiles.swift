package import Model
package import Trust

/// Finds and reads the envelopes that vouch for an artifact.
package enum ProvenanceFiles {
    /// What stands behind an artifact's name in the names of its provenance.
    package static let suffixes = [".provenance.json", bundleSuffix, ".sigstore.json"]
    /// One envelope per line (in-toto's attestation bundles, spec/v1/bundle.md): what is said of an artifact later goes there.
    package static let bundleSuffix = ".intoto.jsonl"

    /// The files that lie beside an artifact.
    package static func beside(_ artifact: String) -> [String] {
        suffixes.map { artifact + $0 }.filter { SmallFile.exists($0) }
    }

    /// All envelopes of a file: one DSSE envelope, one per line, or a Sigstore bundle.
    package static func read(_ path: String) throws -> [[UInt8]] {
        let bytes = try SmallFile.read(path)
        let texts = path.hasSuffix(".jsonl") ? bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) } : [bytes]
        return try texts.map { text in
            let document = try JSONValue(parsing: text)
            // Signatures cover the payload inside, so the envelope may be written anew.
            let envelope = try document["dsseEnvelope"]?.canonicalBytes() ?? text
            _ = try DSSEEnvelope(json: envelope)
            return envelope
        }
    }

    /// Whether one of the envelopes is anything but a test result or a review.
    static func sayOrigin(_ envelopes: [[UInt8]]) -> Bool {
        envelopes.contains { bytes in
            // A broken one is for the hosts to refuse by name.
            guard let envelope = try? DSSEEnvelope(json: bytes) else { return true }
            return AttestationKind.claimed(in: envelope.payload) == nil
        }
    }

    /// What the envelopes say, if one of the workspace's builders has signed them; nil if none has.
    ///
    /// The hosts decide by their own trust; a workspace that does not know a CI builder is no error.
    package static func verify(
        _ envelopes: [[UInt8]],
        artifact: Digest,
        builders directory: String
    ) throws(TrustError) -> VerifiedProvenance? {
        let trust = try BuilderTrust.load(directory: directory)
        do throws(TrustError) {
            return try ProvenancePolicy(trust: trust).verify(envelopes: envelopes, artifact: artifact)
        } catch {
            guard error.code == .unknownKey else { throw error }
            return nil
        }
    }
}
