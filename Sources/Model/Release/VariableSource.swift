/// What a variable of a release stands for.
package enum VariableSource: Hashable, Codable, Sendable, CustomStringConvertible {
    /// A value of the configuration, as it stands there.
    case value(String)
    /// A secret by the name of its credential on the hosts.
    case credential(String)

    /// As people read it: nothing in a value moves the cursor or hides what follows.
    package var description: String {
        switch self {
        case .credential(let name): "credential \(name)"
        case .value(let text): Self.shown(text)
        }
    }

    /// As it is, or quoted with what nobody sees written as numbers.
    private static func shown(_ text: String) -> String {
        guard text.isEmpty || text.unicodeScalars.contains(where: \.isUnseen) else { return text }
        let scalars = text.unicodeScalars.map { scalar in
            scalar.isUnseen ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(Character(scalar))
        }
        return "\"\(scalars.joined())\""
    }

    /// What is compared: texts that Unicode calls equal may be different bytes, and so different releases.
    var bytes: [UInt8] {
        switch self {
        case .credential(let name): [0] + Array(name.utf8)
        case .value(let text): [1] + Array(text.utf8)
        }
    }
}

extension VariableSource {
    private enum CodingKeys: String, CodingKey {
        case value, credential
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let name = try container.decodeIfPresent(String.self, forKey: .credential) {
            self = .credential(name)
        } else {
            self = .value(try container.decode(String.self, forKey: .value))
        }
    }

    /// `{"value": "info"}` or `{"credential": "api-key@3"}`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .value(let text): try container.encode(text, forKey: .value)
        case .credential(let name): try container.encode(name, forKey: .credential)
        }
    }
}
