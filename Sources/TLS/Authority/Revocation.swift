package import Model

/// One certificate that is believed no more.
package struct Revocation: Hashable, Sendable {
    /// Why; the numbers are those of RFC 5280, section 5.3.1.
    package enum Reason: Int, Hashable, Sendable, CaseIterable, CustomStringConvertible {
        case unspecified = 0
        case keyCompromise = 1
        case affiliationChanged = 3
        case superseded = 4
        case cessationOfOperation = 5

        package var description: String {
            switch self {
            case .unspecified: "unspecified"
            case .keyCompromise: "key-compromise"
            case .affiliationChanged: "affiliation-changed"
            case .superseded: "superseded"
            case .cessationOfOperation: "cessation-of-operation"
            }
        }

        package init?(_ text: String) {
            guard let reason = Self.allCases.first(where: { $0.description == text }) else { return nil }
            self = reason
        }
    }

    /// Lower-case hexadecimal.
    package let serial: String
    package let at: WallTime
    package let reason: Reason

    package init(serial: String, at: WallTime, reason: Reason) {
        self.serial = serial
        self.at = at
        self.reason = reason
    }
}
