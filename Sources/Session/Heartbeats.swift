/// Decides at each tick of the heartbeat interval whether to speak, and whether the peer is lost.
struct Heartbeats {
    enum Action: Hashable {
        case nothing
        case send
        case lost
    }

    /// Whole intervals without a word from the peer until it is lost.
    static let allowedSilence = 3

    private var silentIntervals = 0
    private var hasHeard = false
    private var hasSpoken = false

    /// Something came from the peer.
    mutating func heard() { hasHeard = true }

    /// Something was sent to the peer.
    mutating func spoke() { hasSpoken = true }

    /// One interval has passed.
    mutating func tick() -> Action {
        defer { (hasHeard, hasSpoken) = (false, false) }
        silentIntervals = hasHeard ? 0 : silentIntervals + 1
        guard silentIntervals < Self.allowedSilence else { return .lost }
        return hasSpoken ? .nothing : .send
    }
}
