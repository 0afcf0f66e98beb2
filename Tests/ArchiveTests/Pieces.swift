@testable import Archive

/// Hands out bytes in pieces of one size.
final class Pieces: ByteSource {
    private let bytes: UnsafeMutableRawBufferPointer
    private let step: Int
    private var offset = 0

    init(_ bytes: [UInt8], step: Int) {
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
        self.step = step
    }

    deinit { bytes.deallocate() }

    func next() -> UnsafeRawBufferPointer? {
        guard offset < bytes.count else { return nil }
        let end = min(bytes.count, offset + step)
        defer { offset = end }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }
}
