import Glibc
import Model
import Synchronization
import Trust

/// One artifact on its way into the store: hashed while it is written, bounded by its size, gone unless it commits.
package final class ContentIngest: Sendable {
    private let store: ContentStore
    private let digest: Digest
    private let size: ByteCount
    private let name: String
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var file: OpenFile?
        var hasher: SHA256?
        var written: Int64 = 0
    }

    init(
        into store: ContentStore,
        digest: Digest,
        size: ByteCount,
        keepingFree reserve: ByteCount
    ) throws(ArtifactError) {
        self.store = store
        self.digest = digest
        self.size = size
        name = ContentStore.temporaryPrefix + digest.short + "-" + String(UInt64.random(in: 0 ... .max), radix: 16)
        try store.reservations.reserve(
            size,
            for: "\(store.path)/\(name)",
            keepingFree: reserve,
            at: store.directory,
            path: store.path
        )
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let file: OpenFile
        do throws(ArtifactError) {
            file = try OpenFile(in: store.directory, name: Array(name.utf8), flags: flags, mode: 0o440)
        } catch {
            store.reservations.release("\(store.path)/\(name)")
            throw error
        }
        flock(file.descriptor, LOCK_EX | LOCK_NB)
        state = Mutex(State(file: file, hasher: SHA256()))
    }

    deinit { discard() }

    /// Appends bytes; any failure discards the ingest.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
        // The lock takes values that may go anywhere: an address may, a pointer may not. The bytes outlive the call.
        let (address, count) = (Int(bitPattern: bytes.baseAddress), bytes.count)
        do throws(ArtifactError) {
            try state.withLock { (state) throws(ArtifactError) in try append(address, count, &state) }
        } catch {
            discard()
            throw error
        }
    }

    private func append(_ address: Int, _ count: Int, _ state: inout State) throws(ArtifactError) {
        let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
        guard let file = state.file else {
            throw ArtifactError(.cancelled, path: digest.short, "is not being stored any more; start again")
        }
        guard state.written + Int64(count) <= size.bytes else {
            throw ArtifactError(.sizeMismatch, path: digest.short, "has more than the \(size.bytes) bytes named")
        }
        try file.write(bytes, name: "\(store.path)/\(name)")
        state.hasher?.update(bytes)
        state.written += Int64(count)
    }

    package func write(_ bytes: [UInt8]) throws(ArtifactError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(ArtifactError) in try write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Makes the artifact visible, if its bytes are the ones named; else it is discarded.
    package func commit() throws(ArtifactError) {
        defer { discard() }
        try state.withLock { (state) throws(ArtifactError) in try seal(&state) }
    }

    private func seal(_ state: inout State) throws(ArtifactError) {
        guard state.file != nil, let hasher = state.hasher.take() else {
            throw ArtifactError(.cancelled, path: digest.short, "is not being stored any more; start again")
        }
        guard state.written == size.bytes else {
            let advice = "ended after \(state.written) of \(size.bytes) bytes; fetch it again"
            throw ArtifactError(.sizeMismatch, path: digest.short, advice)
        }
        let found = hasher.finalize()
        guard found == digest else {
            let advice = "has the digest \(found), not \(digest): what arrived is not what was named; fetch it again"
            throw ArtifactError(.digestMismatch, path: digest.short, advice)
        }
        let directory = store.directory.descriptor
        guard renameat(directory, name, directory, digest.hex) == 0 else { throw .system("renameat", name) }
        state.file = nil
    }

    /// Removes what was written so far; harmless after `commit()` and when repeated.
    package func discard() {
        store.reservations.release("\(store.path)/\(name)")
        state.withLock { state in
            guard state.file != nil else { return }
            _ = unlinkat(store.directory.descriptor, name, 0)  // a leftover is removed at the next start
            state.file = nil
        }
    }
}
