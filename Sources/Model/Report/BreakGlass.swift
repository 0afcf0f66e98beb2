/// Whose key stood for approvals that were missing, in an emergency; shown wherever the release is, until somebody reviews it.
package struct BreakGlass: Hashable, Codable, Sendable {
    /// As the host's `break-glass` file names them.
    package var by: String
    /// As the order gives it.
    package var reason: String?

    package init(by: String, reason: String?) {
        self.by = by
        self.reason = reason
    }
}
