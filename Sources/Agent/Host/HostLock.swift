internal import Glibc

/// The right to change this host: one process at a time has it, and the kernel takes it back when that ends.
struct HostLock: ~Copyable {
    private let descriptor: CInt

    /// Takes the lock.
    ///
    /// - Throws: `FileError` with EWOULDBLOCK when another process has it.
    init(path: String) throws(FileError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = FileError.last("flock", path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    /// Lets go before the end.
    func letGo() { flock(descriptor, LOCK_UN) }

    deinit { close(descriptor) }
}
