/// A query in which `$hosts` and other names stand for what a gate is asked about.
package struct QueryTemplate: Hashable, Sendable, CustomStringConvertible {
    /// What may stand behind a `$`.
    package enum Variable: String, CaseIterable, Sendable {
        /// The hosts of the stage that run the release, as a regular expression.
        case hosts
        case service
        case environment
        case version
    }

    /// As it was written.
    package let description: String
    private let parts: [Part]

    /// The hosts alone.
    package static let hosts = Self(description: "$\(Variable.hosts.rawValue)", parts: [.variable(.hosts)])

    private init(description: String, parts: [Part]) {
        self.description = description
        self.parts = parts
    }

    private enum Part: Hashable {
        case text(String)
        case variable(Variable)
    }

    /// - Throws: `ModelError` for a name behind a `$` that stands for nothing.
    package init(parsing text: String) throws(ModelError) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ModelError(.invalidName, found: text, advice: "is no query: write one in PromQL")
        }
        var parts: [Part] = []
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            let name = rest[rest.index(after: dollar)...].prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
            guard !name.isEmpty else {
                // The end of a regular expression.
                parts.append(.text(String(rest[...dollar])))
                rest = rest[rest.index(after: dollar)...]
                continue
            }
            guard let variable = Variable(rawValue: String(name)) else {
                let known = Variable.allCases.map { "$\($0.rawValue)" }.joined(separator: ", ")
                throw ModelError(.invalidName, found: "$\(name)", advice: "stands for nothing; known are \(known)")
            }
            parts += [.text(String(rest[..<dollar])), .variable(variable)]
            rest = rest[name.endIndex...]
        }
        self.parts = parts + [.text(String(rest))]
        description = text
    }

    /// Whether the answer depends on `variable`.
    package func names(_ variable: Variable) -> Bool { parts.contains(.variable(variable)) }

    /// The query to send.
    package func text(_ value: (Variable) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .variable(let variable): value(variable)
            }
        }.joined()
    }
}

extension QueryTemplate: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
