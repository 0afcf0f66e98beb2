/// A number of hosts or of weight, absolute or as a share of the whole: `2`, `80%`.
package enum Quantity: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// An absolute number, 0 or more.
    case count(Int)
    /// A share in percent, 0 to 100.
    case percent(Int)

    /// Rounded up: for what must be kept (a floor).
    package func roundedUp(of whole: Int) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let percent): (whole * percent + 99) / 100
        }
    }

    /// Rounded down: for what may be taken (a window).
    package func roundedDown(of whole: Int) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let percent): whole * percent / 100
        }
    }

    package init(parsing text: String) throws(ModelError) {
        let isPercent = text.hasSuffix("%")
        let limit = isPercent ? 100 : 1_000_000
        guard let number = Int(isPercent ? String(text.dropLast()) : text), 0...limit ~= number else {
            throw ModelError(
                .invalidQuantity,
                found: text,
                advice: "is no quantity: expected a whole number such as 2, or 0% to 100%"
            )
        }
        self = isPercent ? .percent(number) : .count(number)
    }

    package init?(_ description: String) {
        guard let quantity = try? Self(parsing: description) else { return nil }  // init? asks only whether
        self = quantity
    }

    package var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .percent(let percent): "\(percent)%"
        }
    }
}

extension Quantity: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
