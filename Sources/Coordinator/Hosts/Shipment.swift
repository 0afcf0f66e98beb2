internal import Artifacts
internal import Glibc
internal import Model
internal import NIOCore
internal import Protocol

/// The bytes of an artifact on their way to a host; each iteration begins at the start, also of a file that others read.
struct Shipment: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let offer: ArtifactOffer
    let file: OpenFile

    func makeAsyncIterator() -> Iterator { Iterator(file: file, name: offer.digest.short) }

    struct Iterator: AsyncIteratorProtocol {
        let file: OpenFile
        let name: String
        private var offset: Int64 = 0

        init(file: OpenFile, name: String) {
            self.file = file
            self.name = name
        }

        /// Large enough that system calls cost nothing beside encryption.
        private static let chunk = 256 << 10

        /// The next bytes, or nil at the end.
        ///
        /// - Throws: `ArtifactError` when they can't be read; a disk that fails is no end of the file.
        mutating func next() async throws -> ByteBuffer? {
            let buffer = try await BlockingThread.run { [file, name, offset] () throws(ArtifactError) in
                try Self.read(file, name, at: offset)
            }
            offset += Int64(buffer.readableBytes)
            return buffer.readableBytes > 0 ? buffer : nil
        }

        private static func read(_ file: OpenFile, _ name: String, at offset: Int64) throws(ArtifactError) -> ByteBuffer
        {
            var buffer = ByteBufferAllocator().buffer(capacity: chunk)
            while true {
                var failure: Int32 = 0
                buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: chunk) { bytes in
                    let count = pread(file.descriptor, bytes.baseAddress, chunk, off_t(offset))
                    failure = count < 0 ? errno : 0
                    return Swift.max(0, count)
                }
                guard failure != 0 else { return buffer }
                guard failure == EINTR else { throw .system("read", name, errno: failure) }
            }
        }
    }
}
