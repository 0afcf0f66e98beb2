/// What a serving coordinator does about hosts that come back, or are new, and are not where their environment is.
package enum ReturnPolicy: String, Codable, Sendable, CaseIterable {
    /// They are shown, and wait for a person.
    case hold
    /// They are brought there, as far as the approvals that there are count for them.
    case serve
}
