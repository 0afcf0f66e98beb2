import Artifacts
import Model
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Agent

struct JournalSyncTests {
    /// Stands in for journald, of which a machine has one at most: takes calls, and answers those that it should.
    private final class Listener: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let heard = NIOLockedValueBox("")
        private let answer: String?

        init(answer: String?) { self.answer = answer }

        func listen(at path: String) async throws -> any Channel {
            try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .childChannelInitializer { channel in channel.pipeline.addHandler(self) }
                .bind(unixDomainSocketPath: path)
                .get()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let words = String(buffer: Self.unwrapInboundIn(data))
            heard.withLockedValue { $0 += words }
            guard let answer else { return }
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }

    @Test("The journal is asked to store what was written to it, before it is read")
    func asks() async throws {
        let scratch = Scratch()
        let listener = Listener(answer: "{\"parameters\":{}}\0")
        let channel = try await listener.listen(at: "\(scratch.path)/journal")
        let reader = JournalReader(sync: JournalSync(path: "\(scratch.path)/journal"))
        _ = await reader.tail(try UnitName(parsing: "none.service"), invocation: "", limit: 1)
        try await channel.close()
        #expect(listener.heard.withLockedValue(\.self) == "{\"method\":\"io.systemd.Journal.Synchronize\"}\0")
    }

    @Test("A journal that does not answer is not waited for without end")
    func goesOn() async throws {
        let scratch = Scratch()
        let channel = try await Listener(answer: nil).listen(at: "\(scratch.path)/journal")
        let dialogue = SocketDialogue(path: "\(scratch.path)/journal", terminator: 0, patience: .milliseconds(50))
        let error = await #expect(throws: FileError.self) {
            try await BlockingThread.run { () throws(FileError) in try dialogue.ask([1]) }
        }
        #expect(error?.errno == EAGAIN)
        try await channel.close()
    }
}
