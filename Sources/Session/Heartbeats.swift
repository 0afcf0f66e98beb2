/// Decides at each tick of the heartbeat interval whether to speak, and whether the peer is lost.
struct Heartbeats {
    enum Action: Hashable {
        case nothing
        case send
        case lost
        /// The peer speaks, but does not read.
        case deaf
    }

    /// Whole intervals without a word from the peer until it is lost.
    static let allowedSilence = 3
    /// Whole intervals in which the peer has not read what waits for it, until it is lost.
    ///
    /// A slow link gets 768 KiB off in that time, from the high to the low mark of what may wait.
    static let allowedDeafness = 6

    private var silentIntervals = 0
    private var deafIntervals = 0
    private var hasHeard = false
    private var hasSpoken = false

    /// Something came from the peer.
    mutating func heard() { hasHeard = true }

    /// Something was sent to the peer.
    mutating func spoke() { hasSpoken = true }

    /// One interval has passed, after which `outlet` says whether more may be written.
    mutating func tick(_ outlet: Outlet = .open) -> Action {
        defer { (hasHeard, hasSpoken) = (false, false) }
        silentIntervals = hasHeard ? 0 : silentIntervals + 1
        deafIntervals = outlet == .open ? 0 : deafIntervals + 1
        guard silentIntervals < Self.allowedSilence else { return .lost }
        guard deafIntervals <= Self.allowedDeafness else { return .deaf }
        // To a peer that does not read nothing more is said: it would only wait in memory.
        return hasSpoken || outlet == .full ? .nothing : .send
    }

    /// Whether the connection takes more, or holds as much as may wait for the peer.
    enum Outlet {
        case open
        case full
    }
}
