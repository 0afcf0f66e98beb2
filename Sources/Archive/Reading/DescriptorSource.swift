import Artifacts
import Glibc

/// The bytes of an open descriptor.
final class DescriptorSource: ByteSource {
    private static let blockSize = 256 << 10

    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        buffer = .allocate(byteCount: Self.blockSize, alignment: 4096)
    }

    deinit { buffer.deallocate() }

    func next() throws(ArtifactError) -> UnsafeRawBufferPointer? {
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", nil) }
            return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }
}
