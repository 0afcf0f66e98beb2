import Glibc
package import Model

extension SHA256 {
    /// Size of one read: large enough that system calls cost nothing beside hashing, small enough for the cache.
    private static let readSize = 1 << 20

    /// The digest and size of everything from the descriptor's offset to its end; blocks while it reads.
    ///
    /// - Parameters:
    ///   - descriptor: An open file, pipe or socket; stays open.
    ///   - name: What errors call it.
    /// - Returns: the digest, and how many bytes it covers.
    /// - Throws: `TrustError` when a read fails.
    package static func digest(
        ofDescriptor descriptor: Int32,
        name: String
    ) throws(TrustError) -> (digest: Digest, size: ByteCount) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readSize, alignment: 4096)
        defer { buffer.deallocate() }
        var hasher = SHA256()
        var size: Int64 = 0
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(.fileUnreadable, name, "can't be read to its end")
            }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += Int64(count)
        }
        return (hasher.finalize(), ByteCount(size))
    }

    /// The digest and size of a regular file; blocks while it reads.
    ///
    /// - Throws: `TrustError` when the file can't be opened or read.
    package static func digest(ofFile path: String) throws(TrustError) -> (digest: Digest, size: ByteCount) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(.fileUnreadable, path, "can't be opened") }
        defer { close(descriptor) }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)  // advice alone; hashing works without it
        return try digest(ofDescriptor: descriptor, name: path)
    }
}
