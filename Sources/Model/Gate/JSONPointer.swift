/// Where in a JSON text a value stands: RFC 6901, for example `/queues/0/depth`.
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    /// The keys and indices on the way, unescaped; none for the whole text.
    package let tokens: [String]

    /// - Throws: `ModelError` for what RFC 6901, section 3 does not allow.
    package init(parsing text: String) throws(ModelError) {
        guard text.isEmpty || text.hasPrefix("/") else {
            let advice = "is no JSON pointer (RFC 6901): it begins with '/', for example /queue/depth"
            throw ModelError(.invalidPath, found: text, advice: advice)
        }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let token = Self.unescaped(part) else {
                let advice = "is no JSON pointer (RFC 6901): '~' is written '~0' there, and '/' in a key '~1'"
                throw ModelError(.invalidPath, found: text, advice: advice)
            }
            tokens.append(token)
        }
        description = text
        self.tokens = tokens
    }

    private static func unescaped(_ part: Substring) -> String? {
        var token = ""
        var rest = part
        while let character = rest.popFirst() {
            guard character == "~" else {
                token.append(character)
                continue
            }
            switch rest.popFirst() {
            case "0": token.append("~")
            case "1": token.append("/")
            case nil, .some: return nil
            }
        }
        return token
    }
}

extension JSONPointer: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
