package import NIOCore

/// Turns frames into bytes.
package enum FrameEncoder {
    /// Appends `frame` to `buffer`.
    ///
    /// - Throws: `ProtocolError` for a payload that the peer would refuse.
    package static func encode(_ frame: Frame, into buffer: inout ByteBuffer) throws(ProtocolError) {
        try encodeHeader(of: frame, into: &buffer)
        buffer.writeImmutableBuffer(frame.payload)
    }

    /// Appends only what stands before the payload, for senders that pass a large payload on without copying it.
    static func encodeHeader(of frame: Frame, into buffer: inout ByteBuffer) throws(ProtocolError) {
        let header = FrameHeader(kind: frame.kind, stream: frame.stream, length: frame.payload.readableBytes)
        try header.validate()
        header.write(to: &buffer)
    }
}
