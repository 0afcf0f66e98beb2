import Model

/// Reads the members of one file that says whom a host believes: strictly, because a typing error must not widen trust.
struct TrustEntry {
    private let document: JSONValue
    /// What messages call the file.
    let name: String
    private let code: TrustError.Code

    /// - Throws: `TrustError` with `code` for what is no JSON object, or has a member that is not `known`.
    init(json bytes: [UInt8], name: String, known: [String], _ code: TrustError.Code) throws(TrustError) {
        do {
            document = try JSONValue(parsing: bytes, numbers: .integersOnly)
        } catch {
            throw TrustError(code, name, error.advice, offset: error.offset)
        }
        self.name = name
        self.code = code
        guard let members = document.object else { throw refusal("is no JSON object") }
        if let unknown = members.first(where: { member in !known.contains { $0.isExactly(member.key) } }) {
            throw refusal("has the unknown member '\(unknown.key)': known are \(known.joined(separator: ", "))")
        }
    }

    func refusal(_ advice: String) -> TrustError { TrustError(code, name, advice) }

    subscript(member: String) -> JSONValue? { document[member] }

    /// A text that must be there and say something.
    func text(_ member: String) throws(TrustError) -> String {
        guard let text = document[member]?.string, !text.isEmpty else { throw refusal("misses '\(member)'") }
        return text
    }

    /// The public key in the member `key`.
    func key() throws(TrustError) -> VerificationKey {
        try VerificationKey(pem: Array(try text("key").utf8), name: name)
    }

    /// A moment, as RFC 3339; nil if it is left out.
    func time(_ member: String) throws(TrustError) -> WallTime? {
        guard let value = document[member] else { return nil }
        guard let text = value.string, let time = try? WallTime(rfc3339: text) else {
            throw refusal("has '\(member)' that is no time: write it as 2027-01-31T00:00:00Z")
        }
        return time
    }

    /// A list that is there has at least one element: an empty one would look like "any" to some, like "none" to others.
    func list<Element>(_ member: String, _ parse: (String) -> Element?) throws(TrustError) -> [Element]? {
        guard let value = document[member] else { return nil }
        let texts = (value.array ?? []).compactMap(\.string)
        let elements = texts.compactMap(parse)
        guard !elements.isEmpty, elements.count == value.array?.count else {
            throw refusal("has '\(member)' that are no list of names; leave them out for any")
        }
        return elements
    }
}
