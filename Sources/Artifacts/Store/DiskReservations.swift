import Glibc
package import Model
import Synchronization

/// Room on this host's disks that was promised to what is on its way there and has not been filled yet.
///
/// Several services may prepare at the same time: what each was promised is no longer free for the others. A promise
/// shrinks as the file or tree that it is for grows, and ends with the process.
package final class DiskReservations: Sendable {
    private struct Promise {
        let device: UInt64
        let size: Int64
    }

    /// By the path of the file or tree that grows.
    private let promises = Mutex<[String: Promise]>([:])

    package init() {}

    /// Promises room for what will grow at `growing`; an earlier promise for the same is replaced.
    ///
    /// - Throws: `ArtifactError.Code.diskFull` with the numbers, when it is not free beside `reserve` and all promises.
    package func reserve(
        _ size: ByteCount,
        for growing: String,
        keepingFree reserve: ByteCount,
        at directory: OpenFile,
        path: String
    ) throws(ArtifactError) {
        let device = try Self.device(of: directory)
        let available = try DiskSpace.available(at: directory)
        let refusal = promises.withLock { promises -> ArtifactError? in
            promises[growing] = nil
            let promised = Self.promised(promises, on: device)
            guard available.bytes - reserve.bytes - promised < size.bytes else {
                promises[growing] = Promise(device: device, size: size.bytes)
                return nil
            }
            return DiskSpace.lack(of: size, available, promised: ByteCount(promised), keepingFree: reserve, path)
        }
        if let refusal { throw refusal }
    }

    /// Ends the promise for what has grown, or will not; harmless when repeated.
    package func release(_ growing: String) { promises.withLock { $0[growing] = nil } }

    /// What is promised on the file system of `directory`, and not filled yet.
    package func promised(at directory: OpenFile) throws(ArtifactError) -> ByteCount {
        let device = try Self.device(of: directory)
        return ByteCount(promises.withLock { Self.promised($0, on: device) })
    }

    private static func promised(_ promises: [String: Promise], on device: UInt64) -> Int64 {
        promises.reduce(0) { sum, promise in
            guard promise.value.device == device else { return sum }
            return sum + max(0, promise.value.size - allocated(promise.key))
        }
    }

    /// Bytes on disk of a file, or of all in a tree; of what is not there, or is just going, none.
    private static func allocated(_ path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int64(status.st_blocks) * blockSize }
        do throws(ArtifactError) {
            let root = try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            return try TreeWalk.entries(of: root).reduce(0) { $0 + Int64($1.status.st_blocks) * blockSize }
        } catch {
            return 0
        }
    }

    /// Unit of `st_blocks` (inode(7)).
    private static let blockSize: Int64 = 512

    private static func device(of directory: OpenFile) throws(ArtifactError) -> UInt64 {
        var status = stat()
        guard fstat(directory.descriptor, &status) == 0 else { throw .system("fstat", nil) }
        return UInt64(status.st_dev)
    }
}
