/// One rollout of one ledger, shown as `R17`.
package struct RolloutID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    package let ledger: LedgerID
    /// Counts from 1 in its ledger.
    package let number: Int

    package init(ledger: LedgerID, number: Int) {
        self.ledger = ledger
        self.number = number
    }

    /// The short form that people type; unique within one ledger.
    package var label: String { "R\(number)" }

    /// The long form, unique everywhere: `R17@<ledger>`.
    package var description: String { "\(label)@\(ledger)" }

    package init?(_ description: String) {
        let parts = description.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Self.number(label: parts[0]), let ledger = LedgerID(String(parts[1]))
        else {
            return nil
        }
        self.init(ledger: ledger, number: number)
    }

    /// The number in `R17`, or nil.
    package static func number(label: some StringProtocol) -> Int? {
        guard label.first == "R", let number = Int(label.dropFirst()), number > 0 else { return nil }
        return number
    }

    /// Whether this is a later rollout of the same ledger.
    package func succeeds(_ other: Self) -> Bool { ledger == other.ledger && number > other.number }

    package static func < (left: Self, right: Self) -> Bool {
        (left.ledger, left.number) < (right.ledger, right.number)
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = Self(text) else {
            throw ModelError(.invalidName, found: text, advice: "is no rollout id: expected R<number>@<ledger>")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
