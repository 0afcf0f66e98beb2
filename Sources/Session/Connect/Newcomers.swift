import NIOCore
import Synchronization

/// The connections whose peers have not introduced themselves yet.
///
/// Anybody can open these, so none is refused for their number, which would lock out members of the fleet too: the one
/// that has waited longest goes, first among those of the same address. A member needs a few milliseconds.
final class Newcomers: Sendable {
    private struct Newcomer {
        let channel: any Channel
        /// Nil for a Unix socket.
        let address: String?
    }

    /// A `Mutex`, because the accepting loop must not wait for the connections it has accepted.
    private let waiting = Mutex<[Newcomer]>([])
    private let limits: ListenerLimits

    init(limits: ListenerLimits) { self.limits = limits }

    /// Takes a place, and answers whose connection has to be closed for it.
    func enter(_ channel: any Channel) -> (any Channel)? {
        let newcomer = Newcomer(channel: channel, address: channel.remoteAddress?.ipAddress)
        return waiting.withLock { waiting in
            defer { waiting.append(newcomer) }
            let neighbours = waiting.indices.filter { waiting[$0].address == newcomer.address }
            if newcomer.address != nil, neighbours.count >= limits.newcomersPerAddress {
                return waiting.remove(at: neighbours[0]).channel
            }
            return waiting.count >= limits.newcomers ? waiting.removeFirst().channel : nil
        }
    }

    /// The peer has introduced itself, or has gone.
    func leave(_ channel: any Channel) {
        waiting.withLock { waiting in waiting.removeAll { $0.channel === channel } }
    }
}
