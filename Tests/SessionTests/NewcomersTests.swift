import NIOCore
import NIOEmbedded
import NIOPosix
import Protocol
import TLS
import Testing

@testable import Session

struct NewcomersTests {
    /// Opens a connection that never says a word.
    private func idle(_ address: SocketAddress) async throws -> any Channel {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address).get()
    }

    @Test("Sockets without certificates lock nobody out")
    func flood() async throws {
        let members = try Members()
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: members.server(.agent, "web-1"),
            Members.configuration("web-1")
        )
        let client = try members.client(.coordinator, "c1", to: "web-1")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            var flood: [any Channel] = []
            for _ in 0..<300 { flood.append(try await idle(listener.address)) }
            let peer = try await SessionDialer(Members.configuration("c1"))
                .withSession(to: listener.address, over: client) { $0.peer.name }
            #expect(peer == "web-1")
            for channel in flood { channel.close(promise: nil) }
            group.cancelAll()
        }
    }

    @Test("A newcomer too many ends one that waits, and who has introduced itself stays")
    func tooMany() async throws {
        var limits = ListenerLimits()
        limits.newcomersPerAddress = 2
        var configuration = try Members.configuration("web-1")
        configuration.limits.hello = .seconds(3600)
        let listener = try await SessionListener.bind(
            to: loopback(),
            over: .plain(peer: Members.peer(.coordinator, "c1")),
            configuration,
            limits: limits
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run(handler: NoRequests()) }
            try await RawPeer.dialing(listener.address) { frames, outbound, member in
                try await outbound.write(RawPeer.hello("c1"))
                _ = try await RawPeer.next(&frames)
                // Which of them the listener sees first is up to their event loops.
                let (closed, continuation) = AsyncStream<Void>.makeStream()
                var idlers: [any Channel] = []
                for _ in 0..<3 {
                    let channel = try await idle(listener.address)
                    channel.closeFuture.whenComplete { _ in continuation.yield() }
                    idlers.append(channel)
                }
                for await _ in closed { break }
                #expect(member.isActive)
                #expect(idlers.count { $0.isActive } == 2)
                for channel in idlers { channel.close(promise: nil) }
            }
            group.cancelAll()
        }
    }

    @Test("The newcomer that has waited longest goes")
    func oldest() throws {
        var limits = ListenerLimits()
        limits.newcomers = 2
        let newcomers = Newcomers(limits: limits)
        let channels = (0..<4).map { _ in NIOAsyncTestingChannel() }
        #expect(newcomers.enter(channels[0]) == nil)
        #expect(newcomers.enter(channels[1]) == nil)
        #expect(newcomers.enter(channels[2]) === channels[0])
        #expect(newcomers.enter(channels[3]) === channels[1])
    }

    @Test("All addresses together have their limit too")
    func total() throws {
        var limits = ListenerLimits()
        limits.newcomers = 3
        let newcomers = Newcomers(limits: limits)
        let channels = (0..<4).map { _ in NIOAsyncTestingChannel() }
        for channel in channels[..<3] { #expect(newcomers.enter(channel) == nil) }
        newcomers.leave(channels[1])
        #expect(newcomers.enter(channels[1]) == nil)
        #expect(newcomers.enter(channels[3]) === channels[0])
    }
}
