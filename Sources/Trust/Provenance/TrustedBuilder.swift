package import Model

/// One CI builder that a host believes: a key, and what that key may speak for.
package struct TrustedBuilder: Hashable, Sendable {
    /// The builder's id as its provenance must say it.
    package let builder: String
    /// The only repository whose artifacts it may vouch for; nil for any.
    package let source: String?
    package let extent: Extent
    package let key: VerificationKey

    package init(builder: String, source: String? = nil, extent: Extent = Extent(), key: VerificationKey) {
        self.builder = builder
        self.source = source
        self.extent = extent
        self.key = key
    }

    /// One who may vouch for those services and environments alone.
    package init(
        builder: String,
        services: [ServiceName]? = nil,
        environments: [EnvironmentName]?,
        key: VerificationKey
    ) {
        self.init(builder: builder, extent: Extent(services: services, environments: environments), key: key)
    }

    /// Parses `{"builder": ID, "key": PEM}`, which may have `source`, `services`, `environments` and `expires`, and nothing
    /// else.
    ///
    /// - Throws: `TrustError` that names the file.
    package init(json bytes: [UInt8], name: String) throws(TrustError) {
        let known = ["builder", "key", "source"] + Extent.members
        let entry = try TrustEntry(json: bytes, name: name, known: known, .buildersInvalid)
        guard entry["source"] == nil || entry["source"]?.string?.isEmpty == false else {
            throw entry.refusal("has a 'source' that is no repository")
        }
        self.init(
            builder: try entry.text("builder"),
            source: entry["source"]?.string,
            extent: try Extent(entry),
            key: try entry.key()
        )
    }

    /// The text of the entry's file.
    package func json() throws(TrustError) -> [UInt8] {
        let pem = String(decoding: key.pem, as: UTF8.self)
        let members = [("builder", JSONValue.string(builder)), ("key", .string(pem))]
        let source = [("source", source.map { JSONValue.string($0) })]
        return try JSONValue.of(members + source + extent.json).canonicalBytes() + [0x0A]
    }
}
