/// One CI builder that a host believes: a key, and what that key may speak for.
package struct TrustedBuilder: Hashable, Sendable {
    /// The builder's id as its provenance must say it.
    package let builder: String
    /// The only repository whose artifacts it may vouch for; nil for any.
    package let source: String?
    package let key: VerificationKey

    package init(builder: String, source: String? = nil, key: VerificationKey) {
        self.builder = builder
        self.source = source
        self.key = key
    }

    /// Parses `{"builder": ID, "key": PEM, "source": REPOSITORY}`; `source` may be left out, nothing else may be there.
    ///
    /// - Throws: `TrustError` that names the file.
    package init(json bytes: [UInt8], name: String) throws(TrustError) {
        func refusal(_ advice: String) -> TrustError { TrustError(.buildersInvalid, name, advice) }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes, numbers: .integersOnly)
        } catch {
            throw TrustError(.buildersInvalid, name, error.advice, offset: error.offset)
        }
        guard let members = document.object else { throw refusal("is no JSON object") }
        if let unknown = members.first(where: { !["builder", "key", "source"].contains($0.key) }) {
            throw refusal("has the unknown member '\(unknown.key)': known are builder, key, source")
        }
        guard let builder = document["builder"]?.string, !builder.isEmpty, let pem = document["key"]?.string else {
            throw refusal("misses 'builder' or 'key'")
        }
        guard document["source"] == nil || document["source"]?.string?.isEmpty == false else {
            throw refusal("has a 'source' that is no repository")
        }
        let key = try VerificationKey(pem: Array(pem.utf8), name: name)
        self.init(builder: builder, source: document["source"]?.string, key: key)
    }

    /// The text of the entry's file.
    package func json() throws(TrustError) -> [UInt8] {
        let pem = String(decoding: key.pem, as: UTF8.self)
        let source = source.map { [JSONValue.Member("source", .string($0))] } ?? []
        let members = [JSONValue.Member("builder", .string(builder)), JSONValue.Member("key", .string(pem))]
        return try JSONValue.object(members + source).canonicalBytes() + [0x0A]
    }
}
