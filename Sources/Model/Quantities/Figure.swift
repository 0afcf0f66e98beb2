/// A decimal number as it was written: what people approve and what the ledger keeps knows no binary fractions.
package struct Figure: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let description: String
    package let value: Double

    private static let longest = 32

    /// Parses for example `0.01`, `-3` or `1e-6`.
    package init(parsing text: String) throws(ModelError) {
        let first = text.utf8.first(where: { $0 != UInt8(ascii: "-") })
        let isDecimal = text.utf8.count <= Self.longest && text.utf8.allSatisfy(Self.isDigitOrSign)
        guard isDecimal, let first, 0x30...0x39 ~= first, let value = Double(text), value.isFinite else {
            throw ModelError(.invalidQuantity, found: text, advice: "is no number: write it like 0.01, 500 or 1e-6")
        }
        description = text
        self.value = value
    }

    package init?(_ description: String) {
        guard let figure = try? Self(parsing: description) else { return nil }  // init? asks only whether
        self = figure
    }

    /// What was measured, in the fewest digits that tell it from every other; nil for what is no finite number.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let text = "\(value)"
        self.init(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    private static func isDigitOrSign(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}

extension Figure: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
