/// What a change makes of hosts that are not as their release left them.
package enum DriftPolicy: String, Codable, Sendable, CaseIterable {
    /// Nothing is changed there, or anywhere.
    case refuse
    /// What was released is brought back, exactly, on the way.
    case repair
}
