/// Decides at each tick of the heartbeat interval whether to speak, and whether the peer is lost.
struct Heartbeats {
    enum Action: Hashable {
        case nothing
        case send
        case lost
    }

    /// Ticks without a word from the peer until it is lost.
    static let allowedSilence = 3

    private var silentTicks = 0
    private var hasSpoken = false

    /// Something came from the peer.
    mutating func heard() { silentTicks = 0 }

    /// Something was sent to the peer.
    mutating func spoke() { hasSpoken = true }

    /// One interval has passed.
    mutating func tick() -> Action {
        silentTicks += 1
        guard silentTicks <= Self.allowedSilence else { return .lost }
        defer { hasSpoken = false }
        return hasSpoken ? .nothing : .send
    }
}
