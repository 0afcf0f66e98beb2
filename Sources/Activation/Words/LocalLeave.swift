package import Model

/// What this host's policy says of going back to a release that is not the confirmed predecessor.
package enum LocalLeave: Hashable, Codable, Sendable {
    /// It demands nobody's approval.
    case notDemanded
    /// By an order that the person has brought, and that was verified.
    case order(ReadOrder, Verdict)
    case refused(Failure)
}
