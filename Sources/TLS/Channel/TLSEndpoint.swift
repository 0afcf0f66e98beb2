import NIOCore
import Synchronization

/// How connections of one kind are made from now on, and those that live: both follow a new certificate or a revocation.
///
/// A renewed identity is shown by every connection that is made later; those that exist go on with the one before. A peer
/// that is revoked is cut off at once.
package final class TLSEndpoint: Sendable {
    private struct Live {
        let channel: any Channel
        /// Of the peer's whole chain.
        let serials: [String]
    }

    private struct State {
        var context: TLSContext
        var live: [ObjectIdentifier: Live] = [:]
    }

    /// A `Mutex`, because event loops and the owner meet here, and none may wait.
    private let state: Mutex<State>

    package init(_ context: TLSContext) { state = Mutex(State(context: context)) }

    /// For the next connection.
    package var context: TLSContext { state.withLock { $0.context } }

    /// Connections whose handshake is complete.
    package var connectionCount: Int { state.withLock { $0.live.count } }

    /// From here on connections are made with `context`, and those whose peers it has revoked are ended.
    package func replace(_ context: TLSContext) {
        let revoked = state.withLock { state in
            state.context = context
            return state.live.values.filter { Self.revokes(context, $0.serials) }
        }
        for live in revoked { Self.cut(live.channel) }
    }

    /// A handshake is complete; it may have begun before the peer was revoked.
    func entered(_ channel: any Channel, serials: [String]) {
        let isRevoked = state.withLock { state in
            state.live[ObjectIdentifier(channel)] = Live(channel: channel, serials: serials)
            return Self.revokes(state.context, serials)
        }
        if isRevoked { Self.cut(channel) }
    }

    func left(_ channel: any Channel) {
        state.withLock { state in _ = state.live.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    private static func revokes(_ context: TLSContext, _ serials: [String]) -> Bool {
        guard let list = context.revocations else { return false }
        return serials.contains { list.contains(serial: $0) }
    }

    /// The error ends whoever reads from the channel at once; closing alone would wait for the peer's goodbye.
    private static func cut(_ channel: any Channel) {
        channel.pipeline.fireErrorCaught(TLSError.revoked("peer"))
        channel.close(promise: nil)
    }
}
