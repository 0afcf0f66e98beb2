package import NIOCore
import Protocol

/// The bytes of one bulk stream, in the order they were sent; iterate once.
///
/// Asking for the next buffer says that the ones before are dealt with, which lets the peer send as much again: a
/// receiver that writes slowly slows the sender down.
package struct BulkReceiver: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let stream: StreamID
    let connection: BulkConnection
    let pieces: AsyncThrowingStream<BulkConnection.Piece, any Error>

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(receiver: self) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private let receiver: BulkReceiver
        private var pieces: AsyncThrowingStream<BulkConnection.Piece, any Error>.AsyncIterator
        private var taken: Int
        private let batch: Int

        init(receiver: BulkReceiver) {
            self.receiver = receiver
            pieces = receiver.pieces.makeAsyncIterator()
            let window = receiver.connection.limits.bulkWindow
            // The whole window at first, and then in quarters: few messages, and the sender never runs dry.
            taken = window
            batch = window / 4
        }

        /// - Throws: why the stream broke; only its true end is nil.
        package mutating func next() async throws -> ByteBuffer? {
            if taken >= batch {
                try await receiver.connection.grant(taken, on: receiver.stream)
                taken = 0
            }
            guard let piece = try await pieces.next(isolation: #isolation) else { throw CancellationError() }
            switch piece {
            case .bytes(let buffer):
                taken += Swift.max(buffer.readableBytes, Dialogue.minimumBulkCost)
                return buffer
            case .end:
                return nil
            }
        }
    }
}
