/// Which rollouts of the ledger are wanted.
package enum RolloutQuery: Hashable, Codable, Sendable {
    /// The one with this number, if there is one.
    case numbered(Int)
    /// Those that have not ended.
    case unfinished
    /// The newest of a selection, at most so many.
    case newest(Int, of: Selection)
}
