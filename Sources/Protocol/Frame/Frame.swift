package import NIOCore

/// The unit of the wire: length (4 bytes, big endian, of the payload), kind (1), stream id (4), payload.
package struct Frame: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// The payload is an `Envelope`.
        case control = 1
        /// The payload is raw bytes of a bulk stream.
        case bulk = 2

        /// Longest payload in bytes.
        package var maximumPayload: Int {
            switch self {
            case .control: Dialogue.maximumControlPayload
            case .bulk: Dialogue.maximumBulkPayload
            }
        }
    }

    /// Bytes before the payload.
    package static let headerSize = 9

    package let kind: Kind
    package let stream: StreamID
    package let payload: ByteBuffer

    package init(kind: Kind, stream: StreamID, payload: ByteBuffer) {
        self.kind = kind
        self.stream = stream
        self.payload = payload
    }
}
