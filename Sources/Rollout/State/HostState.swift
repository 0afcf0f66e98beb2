import Model

/// All that a rollout remembers of one host.
package struct HostState: Hashable, Codable, Sendable {
    /// The stage in which its turn comes.
    var stage: Int
    var link = Link.unheard
    /// From the last report.
    var facts = ServiceFacts()
    var step = HostStep.idle
    /// Sent, and not answered yet; sent again when the host connects.
    var request: OpenRequest?
    /// When the wait for its answer, or for its health, is over.
    var answerBy: Instant?
    /// Whether the host has said who holds it.
    var isInspected = false
    /// Whether the host holds our claim.
    var isClaimed = false
    /// What it ran before its first order to switch.
    var before: Before?
    /// Whether it was in service then.
    var wasInService: Bool?
    var attempts = 0
    /// Times that it was claimed or prepared anew after its turn had come.
    var startsOver = 0
    /// Why it counts as failed; such a host is counted once.
    var failure: Failure?
    /// Lost for longer than the silence limit.
    var isUnreachable = false
    /// When a lost host starts to count as unreachable, and one that is connected as mute.
    var reachBy: Instant?
    /// Since when no session with it is up.
    var lostAt: Instant?
    var startedAt: Instant?
    var endedAt: Instant?

    enum Link: String, Codable, Sendable {
        /// No word yet.
        case unheard
        case down
        /// The coordinator was started anew and has not reached it yet.
        case recalled
        /// Connected, but what is known of it is old.
        case connected
        /// Connected, and has not reported in the time for it: nobody waits for its word any more.
        case mute
        /// Connected and reported since.
        case up
    }

    /// What a host goes back to.
    enum Before: Hashable, Codable, Sendable {
        case nothing
        case release(ReleaseID)

        var release: ReleaseID? {
            switch self {
            case .nothing: nil
            case .release(let release): release
            }
        }
    }

    /// A request with its identity.
    struct OpenRequest: Hashable, Codable, Sendable {
        var sequence: Int64
        /// Fencing number at the time of sending; 0 before the claim.
        var epoch: Epoch
        var ask: HostAsk
    }

    var isConnected: Bool { link == .connected || link == .mute || link == .up }

    /// Whether it may still be switched.
    var mayCome: Bool {
        switch step {
        case .idle, .claiming, .preparing, .ready: true
        case .unprepared, .moving, .missing, .done, .settled, .back, .failed, .stuck, .skipped: false
        }
    }

    /// Whether the host carries its weight; anything not known to, unknown included, does not.
    ///
    /// One on which another service is being changed may go out of service any moment.
    var isInService: Bool { isWell && !isEngaged }

    /// Whether another service is being changed on the host; two at once would each be judged by what the other does.
    var isEngaged: Bool { link == .up && facts.neighbour != nil }

    /// Whether the service itself is known to be in order.
    var isWell: Bool {
        guard link == .up else { return false }
        switch step {
        case .moving, .missing: return false
        case .idle, .claiming, .preparing, .unprepared, .ready, .done, .settled, .back, .failed, .stuck, .skipped:
            return facts.isInService
        }
    }
}
