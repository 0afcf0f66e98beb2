import CLinux
import Glibc
package import Model
import Synchronization
import Trust

/// An open descriptor that closes itself.
package final class OpenFile: Sendable {
    package let descriptor: Int32
    private let isReleased = Atomic<Bool>(false)

    /// Takes over an open descriptor.
    package init(owning descriptor: Int32) { self.descriptor = descriptor }

    /// Opens a path; close-on-exec is always set.
    package init(path: String, flags: Int32, mode: UInt32 = 0o600) throws(ArtifactError) {
        descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, mode)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    /// Opens a name relative to an open directory.
    package init(in directory: OpenFile, name: [UInt8], flags: Int32, mode: UInt32 = 0o600) throws(ArtifactError) {
        descriptor = withCString(name) { openat(directory.descriptor, $0, flags | O_CLOEXEC | O_NOCTTY, mode) }
        guard descriptor >= 0 else { throw .system("openat", String(decoding: name, as: UTF8.self)) }
    }

    deinit { if !isReleased.load(ordering: .acquiring) { close(descriptor) } }

    /// Gives the descriptor away: the caller closes it.
    func release() -> Int32 {
        isReleased.store(true, ordering: .releasing)
        return descriptor
    }

    /// The digest and size of everything from the current offset on; blocks.
    package func digest(name: String) throws(ArtifactError) -> (digest: Digest, size: ByteCount) {
        do throws(TrustError) {
            return try SHA256.digest(ofDescriptor: descriptor, name: name)
        } catch {
            throw ArtifactError(.system, path: name, error.advice)
        }
    }

    /// Writes all bytes at the current offset; blocks.
    package func write(_ bytes: UnsafeRawBufferPointer, name: String) throws(ArtifactError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("write", name) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes everything of the file's filesystem to disk; blocks.
    ///
    /// One call after a whole tree costs a seventh of an fsync per file. Never retried: after a failure the kernel may
    /// have marked pages clean, so the caller discards the tree.
    package func syncFilesystem() throws(ArtifactError) {
        guard fleet_syncfs(descriptor) == 0 else { throw .system("syncfs", nil) }
    }
}
