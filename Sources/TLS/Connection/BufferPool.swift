import NIOCore
import NIOPosix

/// Large buffers of one thread, used again when nobody else holds them.
///
/// A ByteBuffer of 128 KiB and more costs an mmap, its page faults and a munmap each time; that halves the throughput.
/// The pool belongs to the thread, not to the connection, so idle connections hold none. A buffer is out of the pool
/// while it is filled (two references would copy it on write) and back in it while others read it.
final class BufferPool {
    /// One receive buffer of the channel, and sixteen full records: large enough that system calls don't dominate.
    static let bufferSize = 256 * 1024
    /// 4 MiB per thread at most.
    private static let capacity = 16

    // Safe: the variable is set once, and each thread sees only the value that it put there itself.
    nonisolated(unsafe) private static let pools = ThreadSpecificVariable<BufferPool>()

    private var buffers: [ByteBuffer] = []
    private let allocator = ByteBufferAllocator()

    /// The calling thread's pool.
    static var current: BufferPool {
        if let pool = pools.currentValue { return pool }
        let pool = BufferPool()
        pools.currentValue = pool
        return pool
    }

    /// An empty buffer of `bufferSize` that the caller alone holds.
    func take() -> ByteBuffer {
        for index in buffers.indices {
            guard buffers[index].modifyIfUniquelyOwned({ $0.clear() }) != nil else { continue }
            buffers.swapAt(index, buffers.endIndex - 1)
            return buffers.removeLast()
        }
        return allocator.buffer(capacity: Self.bufferSize)
    }

    /// Remembers `buffer`, which others may still read; a full pool forgets its oldest.
    func keep(_ buffer: ByteBuffer) {
        guard buffer.capacity == Self.bufferSize else { return }
        if buffers.count == Self.capacity { buffers.removeFirst() }
        buffers.append(buffer)
    }
}
