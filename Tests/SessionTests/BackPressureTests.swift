import NIOCore
import NIOEmbedded
import Protocol
import Synchronization
import TLS
import Testing

@testable import Session

struct BackPressureTests {
    @Test("Answers that the peer does not read count as requests that are worked on")
    func unreadAnswers() async throws {
        let channel = NIOAsyncTestingChannel()
        let frames = try await channel.testingEventLoop.executeInContext {
            try NIOAsyncChannel<Frame, Frame>(wrappingChannelSynchronously: channel)
        }
        try await channel.connect(to: loopback())
        let handled = Mutex(0)
        let (entries, entry) = AsyncStream<Void>.makeStream()
        var configuration = try Members.configuration("web-1")
        configuration.limits.requests = 2
        let setup = Introduction.Setup(
            configuration: configuration,
            handler: Answers { _, _ in
                handled.withLock { $0 += 1 }
                entry.yield()
                return .status(try Samples.report())
            },
            bulk: .accepts(BulkTickets(clock: ContinuousClock()))
        )
        let peer = try Members.peer(.coordinator, "c1")
        let introduction = try Introduction(Members.configuration("c1").hello, from: peer, .acceptor, setup)
        try await frames.executeThenClose { inbound, outbound in
            let session = Session(introduction, frames: outbound, on: channel)
            var iterator = inbound.makeAsyncIterator()
            try await Session.run(session, &iterator) { _ in
                // The socket is full.
                channel.isWritable = false
                try await channel.testingEventLoop.executeInContext {
                    channel.pipeline.fireChannelWritabilityChanged()
                }
                for number in 0..<20 {
                    let request = Envelope.request(.success(.status))
                    try await channel.writeInbound(request.frame(on: StreamID(UInt32(2 * number + 1))))
                    // The first two are worked on; those after them would be, were it only for the workers.
                    if number < 2 { for await _ in entries.prefix(1) {} }
                    for _ in 0..<100 { await Task.yield() }
                }
                #expect(handled.withLock { $0 } == 2)
                #expect(await session.served.count == 2)
                channel.isWritable = true
                try await channel.testingEventLoop.executeInContext {
                    channel.pipeline.fireChannelWritabilityChanged()
                }
            }
        }
    }
}
