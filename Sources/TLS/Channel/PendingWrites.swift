import NIOCore

/// Plaintext that was written and not yet encrypted, in order, with the promises that wait for it.
///
/// Small writes are joined into full records: 64 writes of 128 bytes cost one record, not 64.
struct PendingWrites {
    /// The largest plaintext of one record (RFC 8446 section 5.1).
    private static let recordSize = 16 * 1024
    /// From here on a write fills records well enough by itself and is not copied.
    private static let direct = 8 * 1024

    private var buffers = CircularBuffer<ByteBuffer>()
    private var promises: [EventLoopPromise<Void>] = []
    private(set) var byteCount = 0

    var isEmpty: Bool { buffers.isEmpty && promises.isEmpty }

    mutating func append(_ buffer: ByteBuffer, promise: EventLoopPromise<Void>?) {
        byteCount += buffer.readableBytes
        buffers.append(buffer)
        if let promise { promises.append(promise) }
    }

    /// Removes everything and encrypts it.
    ///
    /// - Returns: the error if encryption failed, and the promises of all that was removed.
    mutating func encrypt(with connection: TLSConnection) -> (error: TLSError?, promises: [EventLoopPromise<Void>]) {
        connection.transport.expect(plaintext: byteCount)
        defer { self = Self() }
        var staging = ByteBuffer()
        for buffer in buffers {
            if let error = Self.add(buffer, to: &staging, connection) { return (error, promises) }
        }
        return (Self.write(&staging, connection), promises)
    }

    private static func add(_ buffer: ByteBuffer, to staging: inout ByteBuffer, _ connection: TLSConnection)
        -> TLSError?
    {
        guard staging.readableBytes > 0 || buffer.readableBytes < direct else {
            return buffer.withUnsafeReadableBytes(connection.write)
        }
        var rest = buffer
        while rest.readableBytes > 0 {
            let count = min(rest.readableBytes, recordSize - staging.readableBytes)
            if var slice = rest.readSlice(length: count) { staging.writeBuffer(&slice) }
            guard staging.readableBytes == recordSize else { continue }
            if let error = write(&staging, connection) { return error }
            guard rest.readableBytes < direct else { return rest.withUnsafeReadableBytes(connection.write) }
        }
        return nil
    }

    private static func write(_ staging: inout ByteBuffer, _ connection: TLSConnection) -> TLSError? {
        defer { staging.clear() }
        return staging.withUnsafeReadableBytes(connection.write)
    }

    /// Removes everything unsent; the caller fails the promises.
    mutating func drop() -> [EventLoopPromise<Void>] {
        defer { self = Self() }
        return promises
    }
}
