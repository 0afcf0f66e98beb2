/// What may be said of an artifact besides where it comes from.
package enum AttestationKind: String, Hashable, Codable, Sendable, CaseIterable, CustomStringConvertible {
    /// Tests were run with it, and passed.
    case testResult = "test-result"
    /// A person who did not write it has looked at it.
    case review

    package var description: String { rawValue }
}
