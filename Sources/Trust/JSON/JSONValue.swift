/// A JSON text as a value that loses nothing: object members keep their exact keys, numbers never become floats.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A whole number within ±(2^53 − 1), the range in which every JSON reader agrees.
    case integer(Int64)
    /// Any other number, as it was written; has no canonical form here.
    case decimal(String)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the text; keys differ from each other byte by byte.
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Largest magnitude of an integer (RFC 7493, section 2.2).
    package static let maximumInteger: Int64 = 1 << 53 - 1

    /// The member of that name, or nil; nil too when this is no object.
    ///
    /// Keys are compared by their bytes: Swift's `==` would take composed and decomposed letters for the same key.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var object: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
