internal import Model
internal import Trust

extension JSONValue {
    /// The value that a pointer names (RFC 6901, section 4), or nil.
    subscript(pointer: JSONPointer) -> JSONValue? {
        var found = self
        for token in pointer.tokens {
            switch found {
            case .object:
                guard let next = found[token] else { return nil }
                found = next
            case .array(let elements):
                // An index has no leading zero, and no sign.
                guard let index = Int(token), "\(index)" == token, elements.indices.contains(index) else { return nil }
                found = elements[index]
            case .null, .bool, .integer, .decimal, .string: return nil
            }
        }
        return found
    }

    /// A text, a number or a truth value, as it is written; nil for everything else.
    var scalar: String? {
        switch self {
        case .bool(let isTrue): "\(isTrue)"
        case .integer(let number): "\(number)"
        case .decimal(let text), .string(let text): text
        case .null, .array, .object: nil
        }
    }
}
