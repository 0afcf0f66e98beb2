/// What one host adds to the sums of a rollout; worked out before and after each change of the host.
struct Standing: Hashable {
    var isInService = false
    var holdsSlot = false
    /// The barrier of the phase waits for it.
    var isAwaited = false
    /// The stage, or the way back, is not over before this host is.
    var isOpen = false
    /// Open, and it can only end by counting as unreachable.
    var isStranded = false
    /// Runs the target, and is not known to be well.
    var isUnwell = false
    /// No word from it yet.
    var isUnheard = false
    /// What is known of it is too old to tell the fleet's capacity.
    var isBlind = false
    /// Would have its turn, but for another service that is being changed on it.
    var isEngaged = false
    /// Ordered to change and expected to come to rest.
    var isMoving = false
    /// Waits for a turn, in this queue.
    var queue: Queue?

    enum Queue: Hashable {
        /// Not in service: costs nothing, goes first.
        case sick
        case well
        /// In service, and will not be afterwards: it goes back to nothing.
        case leaving
    }
}
