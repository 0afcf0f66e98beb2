/// What happens to a change when sessions are left at the end of the time that they have.
package enum SessionsLeftPolicy: String, Codable, Sendable, CaseIterable {
    /// The service stops all the same, and they are cut.
    case cut
    /// The change is given up: the host goes back into traffic with the release that it has.
    case fail
}
