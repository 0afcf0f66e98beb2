import Model
import NIOCore
import Protocol
import TLS

/// What two peers know of each other once both have said hello.
struct Introduction {
    /// What our side brings to every session.
    struct Setup: Sendable {
        let configuration: SessionConfiguration
        let handler: any SessionHandler
        let bulk: BulkAccess
    }

    let setup: Setup
    let side: Session.Side
    let peer: PeerIdentity
    let peerHello: Hello
    let version: UInt32

    /// Checks the peer's hello against its certificate and our versions.
    init(_ hello: Hello, from peer: PeerIdentity, _ side: Session.Side, _ setup: Setup) throws {
        let ours = setup.configuration.hello
        guard hello.fleet.text == peer.fleet, hello.name == peer.name else {
            let advice =
                "introduced itself as '\(hello.name)' of fleet '\(hello.fleet)', which its certificate does not say"
            throw SessionError(.wrongPeer, peer: "\(peer)", advice: advice)
        }
        do throws(ProtocolError) {
            let software = (ours: ours.software, theirs: hello.software)
            version = try ours.versions.agree(
                with: hello.versions,
                software: software.ours,
                peerSoftware: software.theirs
            )
        } catch {
            throw SessionError.violation("\(peer)", error)
        }
        self.setup = setup
        self.side = side
        self.peer = peer
        peerHello = hello
    }

    /// Reads the first message of a connection.
    @concurrent
    static func firstMessage(_ frames: inout Session.Frames, from peer: PeerIdentity) async throws -> Envelope {
        do {
            guard let frame = try await frames.next() else {
                throw SessionError.lost("\(peer)", "the connection ended before the peer had said hello")
            }
            guard frame.kind == .control else {
                throw ProtocolError(.unexpectedMessage, "first frame", advice: "is a bulk frame, expected a hello")
            }
            let envelope = try Envelope(payload: frame.payload)
            if case .goodbye(let goodbye) = envelope {
                let advice = "refused us: \(goodbye.message) [\(goodbye.code)]"
                throw SessionError(.closed, peer: "\(peer)", advice: advice)
            }
            return envelope
        } catch let error as ProtocolError {
            throw SessionError.violation("\(peer)", error)
        }
    }

    /// Tells the peer why there will be no session, and answers the reason.
    static func refuse(
        _ error: SessionError,
        _ outbound: NIOAsyncChannelOutboundWriter<Frame>
    ) async -> SessionError {
        let goodbye = Goodbye(code: error.code.rawValue, message: error.advice)
        // A peer that is gone can't be told; the reason is the same.
        try? await outbound.write(Envelope.goodbye(goodbye).frame())
        return error
    }

    /// Runs `work`, and closes `channel` under it when it takes longer than `limit`.
    @concurrent
    static func within<Value: Sendable>(
        _ limit: Duration,
        _ clock: any Clock<Duration>,
        closing channel: any Channel,
        _ work: @concurrent () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await clock.sleep(for: limit)
                channel.close(promise: nil)
                let peer = channel.remoteAddress.map { "\($0)" } ?? "the peer"
                throw SessionError(.helloTimeout, peer: peer, advice: "did not introduce itself within \(limit)")
            }
            do {
                let value = try await work()
                group.cancelAll()
                return value
            } catch {
                group.cancelAll()
                do {
                    try await group.waitForAll()
                } catch let timeout as SessionError {
                    throw timeout
                } catch {
                    // Cancelled above; the error of `work` is the one that counts.
                }
                throw error
            }
        }
    }
}
