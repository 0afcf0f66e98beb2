/// The UUID of one ledger: the origin of its checkpoints and the tie-breaker between claims.
package struct LedgerID: Name {
    package static let noun = "ledger id"
    package static let maximumLength = 36

    package let text: String

    package init(validated text: String) { self.text = text }

    package static func validate(_ text: String) throws(ModelError) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        let isHex = groups.allSatisfy { $0.utf8.allSatisfy(\.isLowerHexDigit) }
        guard groups.map(\.count) == [8, 4, 4, 4, 12], isHex else {
            throw ModelError(.invalidName, found: text, advice: "is no ledger id: expected a lower-case UUID")
        }
    }
}

extension UInt8 {
    package var isLowerHexDigit: Bool {
        switch self {
        case 0x30...0x39, 0x61...0x66: true
        default: false
        }
    }
}
