import NIOCore

/// The nine bytes before a payload, believed only after they have been checked against the limits.
struct FrameHeader: Hashable {
    let kind: Frame.Kind
    let stream: StreamID
    let length: Int

    /// Takes nine bytes out of `buffer`, or nil when there are fewer.
    ///
    /// - Throws: `ProtocolError` for an unknown kind, an empty or too long payload; nothing was allocated for it.
    static func read(from buffer: inout ByteBuffer) throws(ProtocolError) -> Self? {
        guard buffer.readableBytes >= Frame.headerSize,
            let (length, kind, stream) = buffer.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self)
        else { return nil }
        guard let kind = Frame.Kind(rawValue: kind) else {
            throw ProtocolError(
                .frameKindUnknown,
                "frame of stream \(stream)",
                advice:
                    "has kind \(kind), known are 1 (control) and 2 (bulk); does something else than Fleet answer here?"
            )
        }
        let header = Self(kind: kind, stream: StreamID(stream), length: Int(length))
        try header.validate()
        return header
    }

    func validate() throws(ProtocolError) {
        guard length > 0 else {
            throw ProtocolError(.frameEmpty, "\(kind) frame of \(stream)", advice: "has no payload")
        }
        guard length <= kind.maximumPayload else {
            throw ProtocolError(
                .frameTooLarge,
                "\(kind) frame of \(stream)",
                advice: "has \(length) bytes, at most \(kind.maximumPayload) are allowed"
            )
        }
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(UInt32(length), kind.rawValue, stream.number)
    }
}
