internal import Artifacts
internal import Glibc
internal import Model
internal import NIOCore
internal import Protocol

/// The bytes of an artifact on their way to a host; may be iterated once.
struct Shipment: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let offer: ArtifactOffer
    let file: OpenFile

    func makeAsyncIterator() -> Iterator { Iterator(file: file, name: offer.digest.short) }

    struct Iterator: AsyncIteratorProtocol {
        let file: OpenFile
        let name: String

        /// Large enough that system calls cost nothing beside encryption.
        private static let chunk = 256 << 10

        /// The next bytes; the read blocks for as long as the page cache needs.
        mutating func next() async throws -> ByteBuffer? {
            var buffer = ByteBufferAllocator().buffer(capacity: Self.chunk)
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunk) { bytes in
                Swift.max(0, read(file.descriptor, bytes.baseAddress, Self.chunk))
            }
            return count > 0 ? buffer : nil
        }
    }
}
