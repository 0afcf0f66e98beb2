import NIOCore
import NIOPosix
import Testing

@testable import TLS

/// Over real loopback sockets.
struct SocketTests {
    private let fleet: ScratchFleet
    private let group = MultiThreadedEventLoopGroup.singleton

    init() throws { fleet = try ScratchFleet() }

    @Test("64 MiB go both ways at once, unchanged")
    func bothWays() async throws {
        let amount = 64 << 20
        let server = Bulk(sending: amount, expecting: amount)
        let client = Bulk(sending: amount, expecting: amount)
        let listener = try await SocketServer.start(fleet.server(), group: group) { [server] }
        defer { listener.channel.close(promise: nil) }
        let channel = try await SocketServer.connect(to: listener.port, fleet.client(), group: group, handler: client)
        let (here, there) = (await client.outcome(), await server.outcome())
        #expect(here == Bulk.Outcome(received: amount, damaged: false))
        #expect(there == Bulk.Outcome(received: amount, damaged: false))
        try await channel.close()
    }

    @Test("A peer that stops reading makes the channel unwritable, and nothing is lost when it goes on")
    func stoppedReader() async throws {
        let amount = 64 << 20
        let server = Bulk(sending: 0, expecting: amount, reading: .later)
        let client = Bulk(sending: amount, expecting: 0)
        let listener = try await SocketServer.start(fleet.server(), group: group) { [server] }
        defer { listener.channel.close(promise: nil) }
        let channel = try await SocketServer.connect(to: listener.port, fleet.client(), group: group, handler: client)
        // Both sockets' buffers, the high-water mark and what is encrypted at once; never the whole amount.
        let accepted = await client.unwritable()
        #expect(accepted < 24 << 20)
        server.goOn()
        #expect(await server.outcome() == Bulk.Outcome(received: amount, damaged: false))
        try await channel.close()
    }

    @Test("The last bytes before a close arrive, also when the peer is writing at that moment")
    func lastWords() async throws {
        for _ in 0..<20 {
            let server = Conversation { _ in "goodbye" }
            let listener = try await SocketServer.start(fleet.server(), group: group) { [server] }
            let client = Conversation()
            let channel = try await SocketServer.connect(
                to: listener.port,
                fleet.client(),
                group: group,
                handler: client
            )
            channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
            channel.writeAndFlush(ByteBuffer(repeating: 0x61, count: 100_000), promise: nil)
            let seen = await client.all()
            #expect(seen.text.hasPrefix("goodbye"))
            #expect(seen.codes.isEmpty)
            try await listener.channel.close()
        }
    }
}
