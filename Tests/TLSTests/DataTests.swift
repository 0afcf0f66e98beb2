import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

struct DataTests {
    private let fleet: ScratchFleet
    private let wire: Wire

    init() throws {
        fleet = try ScratchFleet()
        wire = try Wire(client: fleet.client(), server: fleet.server())
    }

    @Test("What is written and flushed before the handshake arrives after it")
    func earlyWrites() throws {
        let promise = wire.client.channel.eventLoop.makePromise(of: Void.self)
        wire.client.channel.writeAndFlush(ByteBuffer(string: "early"), promise: promise)
        try wire.connect()
        #expect(wire.server.recorder.text == "early")
        try promise.futureResult.wait()
    }

    @Test("More than the limit before the handshake is refused, not kept")
    func earlyLimit() throws {
        let half = ByteBuffer(repeating: 1, count: TLSSession.earlyLimit / 2 + 1)
        wire.client.channel.write(half, promise: nil)
        let refused = wire.client.channel.eventLoop.makePromise(of: Void.self)
        wire.client.channel.write(half, promise: refused)
        let error = #expect(throws: TLSError.self) { try refused.futureResult.wait() }
        #expect(error?.code == .backlog)
    }

    @Test("Small writes share one record, and every promise is kept")
    func coalescing() throws {
        try wire.connect()
        let promises = (0..<64).map { _ in wire.client.channel.eventLoop.makePromise(of: Void.self) }
        for promise in promises {
            wire.client.channel.write(ByteBuffer(repeating: 7, count: 128), promise: promise)
        }
        wire.client.channel.flush()
        let ciphertext = try Wire.take(from: wire.client)
        // One record: header 5, content type 1, tag 16.
        #expect(ciphertext.readableBytes == 64 * 128 + 22)
        for promise in promises { try promise.futureResult.wait() }
    }

    @Test("Writes of all sizes arrive whole and in order")
    func sizes() throws {
        try wire.connect()
        var sent = ByteBuffer()
        for (index, size) in [0, 1, 100, 8191, 8192, 16_383, 16_384, 16_385, 70_000, 300_000, 5, 1_000_000].enumerated()
        {
            let bytes = ByteBuffer(repeating: UInt8(index + 1), count: size)
            sent.writeImmutableBuffer(bytes)
            wire.client.channel.write(bytes, promise: nil)
            if index % 3 == 0 { wire.client.channel.flush() }
        }
        wire.client.channel.flush()
        try wire.exchange()
        #expect(wire.server.recorder.bytes == sent)
    }

    @Test("Large writes are encrypted before the flush, so that the channel counts them")
    func largeWritesAreCounted() throws {
        final class WriteCounter: ChannelOutboundHandler {
            typealias OutboundIn = ByteBuffer
            var bytes = 0
            func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
                bytes += Self.unwrapOutboundIn(data).readableBytes
                context.write(data, promise: promise)
            }
        }
        try wire.connect()
        let counter = WriteCounter()
        try wire.client.channel.pipeline.syncOperations.addHandler(counter, position: .first)
        wire.client.channel.write(ByteBuffer(repeating: 1, count: TLSSession.encryptFrom - 1), promise: nil)
        #expect(counter.bytes == 0)
        wire.client.channel.write(ByteBuffer(repeating: 1, count: 1), promise: nil)
        #expect(counter.bytes > TLSSession.encryptFrom)
    }

    @Test("A read that yields no plaintext is followed by another one")
    func readsGoOn() throws {
        final class ReadCounter: ChannelOutboundHandler {
            typealias OutboundIn = ByteBuffer
            var count = 0
            func read(context: ChannelHandlerContext) {
                count += 1
                context.read()
            }
        }
        try wire.connect()
        let counter = ReadCounter()
        try wire.server.channel.pipeline.syncOperations.addHandler(counter, position: .first)
        wire.client.channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
        var record = try Wire.take(from: wire.client)
        let start = record.readSlice(length: 10) ?? ByteBuffer()
        wire.server.channel.read()
        wire.server.channel.pipeline.fireChannelRead(start)
        let before = counter.count
        wire.server.channel.pipeline.fireChannelReadComplete()
        #expect(counter.count == before + 1)
        wire.server.channel.pipeline.fireChannelRead(record)
        wire.server.channel.pipeline.fireChannelReadComplete()
        #expect(wire.server.recorder.text == "hello")
        #expect(counter.count == before + 1)
    }

    @Test("Bytes that were changed on the way end the connection")
    func tampering() throws {
        try wire.connect()
        wire.client.channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
        var record = try Wire.take(from: wire.client)
        record.setInteger(UInt8(0xff) ^ (record.getInteger(at: 8) ?? 0), at: 8)
        wire.server.channel.pipeline.fireChannelRead(record)
        #expect(wire.server.recorder.codes == [.protocolViolation])
        #expect(wire.server.recorder.text.isEmpty)
    }
}
