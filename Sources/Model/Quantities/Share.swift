/// A part of something as it was written, `0.001` or `10%`: never negative, and more than the whole is possible.
package struct Share: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    /// 1 is the whole.
    package let value: Double

    package static func percent(_ percent: Int) -> Self {
        Self(description: "\(percent)%", value: Double(percent) / 100)
    }

    private init(description: String, value: Double) {
        self.description = description
        self.value = value
    }

    /// Parses a number, or one with `%`.
    package init(parsing text: String) throws(ModelError) {
        let isPercent = text.hasSuffix("%")
        guard let figure = Figure(isPercent ? String(text.dropLast()) : text), figure.value >= 0 else {
            let advice = "is no share: write it like 0.001 or 10%"
            throw ModelError(.invalidQuantity, found: text, advice: advice)
        }
        description = text
        value = isPercent ? figure.value / 100 : figure.value
    }
}

extension Share: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
