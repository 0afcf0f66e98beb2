package import Model

/// One whom a host believes about artifacts: a key, and what it may say.
package struct TrustedAttester: Hashable, Sendable {
    /// For whom a key may name reviewers.
    package enum Reviewers: Hashable, Sendable {
        /// The attester is the reviewer.
        case itself
        /// The attester is a system in which people review; it says who.
        case any
    }

    /// A name of the host's own choosing; of a person's key, the person.
    package let attester: String
    package let kinds: [AttestationKind]
    package let reviewers: Reviewers
    package let extent: Extent
    package let key: VerificationKey

    package init(
        attester: String,
        kinds: [AttestationKind],
        reviewers: Reviewers = .itself,
        extent: Extent = Extent(),
        key: VerificationKey
    ) {
        self.attester = attester
        self.kinds = kinds
        self.reviewers = reviewers
        self.extent = extent
        self.key = key
    }

    /// Parses `{"attester": NAME, "types": [TYPE], "key": PEM}`, which may have `reviewers`, `services`, `environments` and
    /// `expires`, and nothing else.
    ///
    /// - Throws: `TrustError` that names the file.
    package init(json bytes: [UInt8], name: String) throws(TrustError) {
        let known = ["attester", "types", "key", "reviewers"] + Extent.members
        let entry = try TrustEntry(json: bytes, name: name, known: known, .attestersInvalid)
        let kinds = try entry.list("types") { text in AttestationKind.allCases.first { $0.rawValue.isExactly(text) } }
        guard let kinds else { throw entry.refusal("misses 'types': \(Self.types)") }
        let reviewers = entry["reviewers"]
        guard reviewers == nil || reviewers?.string?.isExactly("any") == true else {
            throw entry.refusal("has 'reviewers' that are not \"any\"; leave them out for a person's own key")
        }
        self.init(
            attester: try entry.text("attester"),
            kinds: kinds,
            reviewers: reviewers == nil ? .itself : .any,
            extent: try Extent(entry),
            key: try entry.key()
        )
    }

    private static var types: String { AttestationKind.allCases.map { "\"\($0)\"" }.joined(separator: " or ") }

    /// The text of the entry's file.
    package func json() throws(TrustError) -> [UInt8] {
        let members: [(String, JSONValue?)] = [
            ("attester", .string(attester)), ("types", .array(kinds.map { .string($0.rawValue) })),
            ("key", .string(String(decoding: key.pem, as: UTF8.self))),
            ("reviewers", reviewers == .any ? .string("any") : nil),
        ]
        return try JSONValue.of(members + extent.json).canonicalBytes() + [0x0A]
    }
}
