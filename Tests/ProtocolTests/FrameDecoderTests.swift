import NIOCore
import Testing

@testable import Protocol

struct FrameDecoderTests {
    private let frames = [
        Frame(kind: .control, stream: StreamID(1), payload: ByteBuffer(bytes: [1, 2, 3])),
        Frame(kind: .bulk, stream: StreamID(0xFFFF_FFFF), payload: ByteBuffer(repeating: 7, count: 64 << 10)),
        Frame(kind: .control, stream: .connection, payload: ByteBuffer(repeating: 9, count: 100_000)),
        Frame(kind: .bulk, stream: StreamID(2), payload: ByteBuffer(bytes: [0])),
    ]

    @Test("Frames survive being cut anywhere", arguments: [1, 2, 8, 9, 10, 1000, 65_536, 65_545, 2 << 20])
    func pieces(_ size: Int) throws {
        var bytes = ByteBuffer()
        for frame in frames { try FrameEncoder.encode(frame, into: &bytes) }
        var decoder = FrameDecoder()
        var found: [Frame] = []
        while var piece = bytes.readSlice(length: min(size, max(bytes.readableBytes, 1))) {
            while let frame = try decoder.next(from: &piece) { found.append(frame) }
            #expect(piece.readableBytes == 0)
        }
        #expect(found == frames)
        #expect(decoder.isAtBorder)
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let header: [UInt8]
        let code: ProtocolError.Code
        var testDescription: String { "\(code)" }
    }

    @Test(
        "A header beyond the limits is refused before its payload comes, and for good",
        arguments: [
            Refused(header: [0, 0x10, 0, 1, 1, 0, 0, 0, 1], code: .frameTooLarge),
            Refused(header: [0, 1, 0, 1, 2, 0, 0, 0, 1], code: .frameTooLarge),
            Refused(header: [0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 1], code: .frameTooLarge),
            Refused(header: [0, 0, 0, 0, 1, 0, 0, 0, 1], code: .frameEmpty),
            Refused(header: [0, 0, 0, 1, 3, 0, 0, 0, 1], code: .frameKindUnknown),
            Refused(header: Array("GET / HTT".utf8), code: .frameKindUnknown),
        ]
    )
    func refused(_ row: Refused) throws {
        var decoder = FrameDecoder()
        var bytes = ByteBuffer(bytes: row.header)
        let error = try #require(throws: ProtocolError.self) { try decoder.next(from: &bytes) }
        #expect(error.code == row.code)
        var good = ByteBuffer()
        try FrameEncoder.encode(frames[0], into: &good)
        #expect(throws: error) { try decoder.next(from: &good) }
    }

    @Test("A small frame does not keep the buffer that it came in")
    func smallFramesAreCopied() throws {
        var bytes = ByteBuffer()
        try FrameEncoder.encode(frames[3], into: &bytes)
        bytes.writeRepeatingByte(0, count: 1 << 20)
        var decoder = FrameDecoder()
        let frame = try #require(try decoder.next(from: &bytes))
        #expect(frame.payload.storageCapacity <= Dialogue.maximumBulkPayload)
    }

    @Test("A claimed length costs no memory before its bytes come")
    func claimedLength() throws {
        var encoder = ByteBuffer()
        try FrameEncoder.encode(frames[2], into: &encoder)
        let empty: [Frame] =
            try encoder.readSlice(length: 9).map { header in
                var decoder = FrameDecoder()
                var header = header
                return try decoder.next(from: &header).map { [$0] } ?? []
            } ?? []
        #expect(empty.isEmpty)
    }

    @Test("An encoder refuses what a decoder would")
    func encoderLimits() {
        var buffer = ByteBuffer()
        let tooLong = Frame(kind: .bulk, stream: StreamID(1), payload: ByteBuffer(repeating: 0, count: (64 << 10) + 1))
        #expect(throws: ProtocolError.self) { try FrameEncoder.encode(tooLong, into: &buffer) }
        #expect(buffer.readableBytes == 0)
    }
}
