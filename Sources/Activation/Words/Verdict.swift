package import Model

/// What a verification has found, beyond that nothing is wrong.
package struct Verdict: Hashable, Codable, Sendable {
    /// Whose key stood for approvals that were missing.
    package var breakGlass: BreakGlass?
    package var permits: Permission

    package init(breakGlass: BreakGlass? = nil, permits: Permission = .activation) {
        self.breakGlass = breakGlass
        self.permits = permits
    }

    package enum Permission: String, Codable, Sendable {
        case activation
        /// Nobody has approved it: it may be gone back to, by the rule for that, and not be deployed.
        case wayBack = "way_back"
    }
}
