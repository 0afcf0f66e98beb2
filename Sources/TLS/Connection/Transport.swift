import COpenSSL
import NIOCore

/// The custom BIO beneath one SSL: reads from the bytes just received, writes into pooled buffers.
///
/// It never blocks and never refuses a write, so SSL_write never has to be repeated.
final class Transport {
    /// What just arrived, empty outside of `withInput`; OpenSSL takes all of it before it asks for more.
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Full buffers, oldest first.
    private var filled: [ByteBuffer] = []
    private var output: ByteBuffer?
    /// What the caller is about to encrypt; decides between a pooled buffer and one made to measure.
    private var expected = 0
    private let allocator = ByteBufferAllocator()

    /// Header, tag and content type of one record, and room for a few of them.
    private static let overhead = 256
    private static let pooledFrom = 64 * 1024

    var hasOutput: Bool { output != nil || !filled.isEmpty }

    var inputCount: Int { input.count }

    func withInput<Result>(_ bytes: UnsafeRawBufferPointer, _ body: () -> Result) -> Result {
        input = bytes
        defer { input = UnsafeRawBufferPointer(start: nil, count: 0) }
        return body()
    }

    func expect(plaintext count: Int) { expected = count + Self.overhead }

    /// Removes what was written since the last call.
    func takeOutput() -> [ByteBuffer] {
        finishBuffer()
        defer { filled.removeAll() }
        return filled
    }

    fileprivate func read(into bytes: UnsafeMutableRawPointer, count: Int) -> Int {
        let taken = min(count, input.count)
        guard taken > 0 else { return 0 }
        bytes.copyMemory(from: input.baseAddress ?? UnsafeRawPointer(bytes), byteCount: taken)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(taken))
        return taken
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) {
        if let room = output?.writableBytes, room < bytes.count { finishBuffer() }
        if output == nil { output = newBuffer(atLeast: bytes.count) }
        output?.writeBytes(bytes)
        expected -= bytes.count
    }

    private func newBuffer(atLeast count: Int) -> ByteBuffer {
        let wanted = max(count, expected)
        return wanted >= Self.pooledFrom ? BufferPool.current.take() : allocator.buffer(capacity: wanted)
    }

    private func finishBuffer() {
        guard let buffer = output else { return }
        output = nil
        BufferPool.current.keep(buffer)
        filled.append(buffer)
    }

    // MARK: - BIO

    /// Makes the BIO of this transport, which must outlive it.
    func makeBIO() throws(TLSError) -> OpaquePointer {
        guard let method = Self.method.pointer, let bio = BIO_new(method) else { throw .library("BIO_new") }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// `@unchecked Sendable`: filled once, before anybody sees it, and read-only for the life of the process.
    private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    private static let method: Method = {
        let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fleet")
        BIO_meth_set_read_ex(method, readBytes)
        BIO_meth_set_write_ex(method, writeBytes)
        BIO_meth_set_ctrl(method, control)
        return Method(pointer: method)
    }()

    fileprivate static func of(_ bio: OpaquePointer?) -> Transport? {
        BIO_get_data(bio).map { Unmanaged<Transport>.fromOpaque($0).takeUnretainedValue() }
    }
}

private func readBytes(
    bio: OpaquePointer?,
    bytes: UnsafeMutablePointer<CChar>?,
    count: Int,
    done: UnsafeMutablePointer<Int>?
) -> Int32 {
    BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
    guard let transport = Transport.of(bio), let bytes else { return 0 }
    let taken = transport.read(into: bytes, count: count)
    guard taken > 0 else {
        BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
        return 0
    }
    done?.pointee = taken
    return 1
}

private func writeBytes(
    bio: OpaquePointer?,
    bytes: UnsafePointer<CChar>?,
    count: Int,
    done: UnsafeMutablePointer<Int>?
) -> Int32 {
    guard let transport = Transport.of(bio) else { return 0 }
    transport.write(UnsafeRawBufferPointer(start: bytes, count: count))
    done?.pointee = count
    return 1
}

/// Flushing succeeds, because writing never waits; OpenSSL asks for nothing else that matters.
private func control(
    bio: OpaquePointer?,
    command: Int32,
    argument: Int,
    pointer: UnsafeMutableRawPointer?
) -> Int {
    command == BIO_CTRL_FLUSH ? 1 : 0
}
