package import NIOCore

/// Turns bytes, in whatever pieces they come, into frames.
///
/// Memory is bounded by one frame: a header is checked before anything is allocated, and what is allocated grows with
/// the bytes that have really come. After an error the decoder stays failed, because the frames' borders are lost.
package struct FrameDecoder: Sendable {
    private enum State: Sendable {
        /// Up to eight bytes of a header.
        case header(ByteBuffer)
        /// A checked header and the part of its payload that has come.
        case payload(FrameHeader, ByteBuffer)
        case failed(ProtocolError)
    }

    /// A smaller payload is copied out of the buffer that it came in, so that it can't keep a large one in memory.
    private static let smallestSlice = 16 << 10

    private var state: State = .header(ByteBuffer())

    package init() {}

    /// Whether the bytes so far end between two frames.
    package var isAtBorder: Bool {
        switch state {
        case .header(let part): part.readableBytes == 0
        case .payload, .failed: false
        }
    }

    /// Takes bytes out of `input` until a frame is complete; nil when `input` is used up before.
    ///
    /// - Throws: `ProtocolError` when the bytes are no frame of ours; from then on always the same.
    package mutating func next(from input: inout ByteBuffer) throws(ProtocolError) -> Frame? {
        do throws(ProtocolError) {
            while true {
                switch state {
                case .header(let part):
                    guard let header = try header(part, &input) else { return nil }
                    state = .payload(header, ByteBuffer())
                case .payload:
                    return payload(&input)
                case .failed(let error):
                    throw error
                }
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    private mutating func header(_ part: ByteBuffer, _ input: inout ByteBuffer) throws(ProtocolError) -> FrameHeader? {
        if part.readableBytes == 0, let header = try FrameHeader.read(from: &input) { return header }
        var part = part
        let wanted = min(Frame.headerSize - part.readableBytes, input.readableBytes)
        if var piece = input.readSlice(length: wanted) { part.writeBuffer(&piece) }
        if let header = try FrameHeader.read(from: &part) { return header }
        state = .header(part)
        return nil
    }

    private mutating func payload(_ input: inout ByteBuffer) -> Frame? {
        guard case .payload(let header, var part) = state else { return nil }
        // Gives up the other reference to `part`, which would otherwise be copied on each write.
        state = .header(ByteBuffer())
        if part.readableBytes == 0 {
            if header.length >= Self.smallestSlice, let whole = input.readSlice(length: header.length) {
                return Frame(kind: header.kind, stream: header.stream, payload: whole)
            }
            part.reserveCapacity(min(header.length, Dialogue.maximumBulkPayload))
        }
        let wanted = min(header.length - part.readableBytes, input.readableBytes)
        if wanted > 0, var piece = input.readSlice(length: wanted) { part.writeBuffer(&piece) }
        guard part.readableBytes == header.length else {
            state = .payload(header, part)
            return nil
        }
        return Frame(kind: header.kind, stream: header.stream, payload: part)
    }
}
