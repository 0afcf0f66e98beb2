/// What happens when hosts can't be reached as a rollout begins.
package enum OfflinePolicy: Hashable, Codable, Sendable {
    /// More than may fail pause it, and a person decides.
    case pause
    /// Any ends it, with nothing changed.
    case fail
    /// They are waited for, that long; then as `pause`.
    case wait(TimeSpan)
    /// So many are left out, and the outcome is incomplete; more, and it is as `pause`.
    case skip(Int)
}
