/// One timer of a rollout; starting it again replaces it.
package enum TimerID: Hashable, Codable, Sendable {
    /// Bounds the wait for every host's first word.
    case muster
    /// Bounds the answer to the request that a host has outstanding.
    case answer(host: Int)
    /// Bounds the absence of a host that was lost.
    case reach(host: Int)
    /// Bounds the time without a newly healthy host.
    case progress
    /// Ends a slice of a bake.
    case bake
    /// Bounds the answer of a gate, by its place in the state, or the time until it is asked again.
    case gate(Int)
}
