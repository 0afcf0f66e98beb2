/// Which alerts are meant, by one label: `service="web"`, `host=~"$hosts"`.
///
/// As Alertmanager reads it (https://prometheus.io/docs/alerting/latest/configuration/#matcher), with a value in quotes;
/// `$hosts` and other names stand for what a gate is asked about.
package struct AlertMatcher: Hashable, Sendable, CustomStringConvertible {
    package let template: QueryTemplate

    /// - Throws: `ModelError` for what is no matcher, or a name behind a `$` that stands for nothing.
    package init(parsing text: String) throws(ModelError) {
        let name = text.utf8.prefix { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "_") }
        let rest = Substring(text.utf8.dropFirst(name.count)).drop { $0 == " " }
        let operation = ["=~", "!~", "!=", "="].first(where: rest.hasPrefix)
        let value = rest.dropFirst(operation?.count ?? 0).drop { $0 == " " }
        guard let first = name.first, !(0x30...0x39 ~= first), operation != nil, value.utf8.count >= 2,
            value.hasPrefix("\""), value.hasSuffix("\"")
        else {
            let advice = "is no matcher: write a label, one of = != =~ !~, and a value in quotes: service=\"web\""
            throw ModelError(.invalidName, found: text, advice: advice)
        }
        template = try QueryTemplate(parsing: text)
    }

    package var description: String { template.description }
}

extension AlertMatcher: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
