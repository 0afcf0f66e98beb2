package import Model

/// One CI builder that a host believes: a key, and what that key may speak for.
package struct TrustedBuilder: Hashable, Sendable {
    /// The builder's id as its provenance must say it.
    package let builder: String
    /// The only repository whose artifacts it may vouch for; nil for any.
    package let source: String?
    /// The only services that it may vouch for; nil for any.
    package let services: [ServiceName]?
    /// The only environments that it may vouch for; nil for any.
    package let environments: [EnvironmentName]?
    package let key: VerificationKey

    package init(
        builder: String,
        source: String? = nil,
        services: [ServiceName]? = nil,
        environments: [EnvironmentName]? = nil,
        key: VerificationKey
    ) {
        self.builder = builder
        self.source = source
        self.services = services
        self.environments = environments
        self.key = key
    }

    /// Whether it may vouch for what goes there; without a destination it is not asked.
    func mayVouch(for destination: Destination?) -> Bool {
        guard let destination else { return true }
        return services?.contains(destination.service) ?? true
            && environments?.contains(destination.environment) ?? true
    }

    /// What it may vouch for, in words.
    var extent: String {
        let services = services.map { $0.map(\.text).joined(separator: ", ") } ?? "every service"
        return services + (environments.map { " in \($0.map(\.text).joined(separator: ", "))" } ?? "")
    }

    /// Parses `{"builder": ID, "key": PEM}`, which may have `source`, `services` and `environments`, and nothing else.
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
        let known = ["builder", "key", "source", "services", "environments"]
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            throw refusal("has the unknown member '\(unknown.key)': known are \(known.joined(separator: ", "))")
        }
        guard let builder = document["builder"]?.string, !builder.isEmpty, let pem = document["key"]?.string else {
            throw refusal("misses 'builder' or 'key'")
        }
        guard document["source"] == nil || document["source"]?.string?.isEmpty == false else {
            throw refusal("has a 'source' that is no repository")
        }
        self.init(
            builder: builder,
            source: document["source"]?.string,
            services: try Self.names(document["services"], "services", name, ServiceName.init(parsing:)),
            environments: try Self.names(
                document["environments"],
                "environments",
                name,
                EnvironmentName.init(parsing:)
            ),
            key: try VerificationKey(pem: Array(pem.utf8), name: name)
        )
    }

    /// A list that is there has at least one name: an empty one would look like "any" to some, like "none" to others.
    private static func names<Name>(
        _ value: JSONValue?,
        _ member: String,
        _ file: String,
        _ parse: (String) throws(ModelError) -> Name
    ) throws(TrustError) -> [Name]? {
        guard let value else { return nil }
        let elements = value.array ?? []
        var names: [Name] = []
        for element in elements {
            guard let text = element.string, let name = try? parse(text) else { break }
            names.append(name)
        }
        guard !names.isEmpty, names.count == elements.count else {
            throw TrustError(
                .buildersInvalid,
                file,
                "has '\(member)' that are no list of names; leave them out for any"
            )
        }
        return names
    }

    /// The text of the entry's file.
    package func json() throws(TrustError) -> [UInt8] {
        let pem = String(decoding: key.pem, as: UTF8.self)
        let source = source.map { [JSONValue.Member("source", .string($0))] } ?? []
        func list(_ name: String, _ values: [String]?) -> [JSONValue.Member] {
            values.map { [JSONValue.Member(name, .array($0.map { .string($0) }))] } ?? []
        }
        let members = [JSONValue.Member("builder", .string(builder)), JSONValue.Member("key", .string(pem))]
        let limits = list("services", services?.map(\.text)) + list("environments", environments?.map(\.text))
        return try JSONValue.object(members + source + limits).canonicalBytes() + [0x0A]
    }
}
