import Glibc
package import Model

/// Artifacts by digest, in one directory: a file comes to be there under its digest only when every byte of it was checked.
///
/// It is not flushed to disk, because waiting for that takes longer than all else of a preparation. What a crash has torn is
/// found by its digest the next time that `holds` is asked, and fetched again.
///
/// All calls block on the disk; use them off the event loops (`BlockingThread.run`).
package struct ContentStore: Sendable {
    static let temporaryPrefix = ".incoming-"

    package let path: String
    let directory: OpenFile
    /// Room that artifacts on their way here, and whatever else shares the disk, were promised.
    package let reservations: DiskReservations

    /// Opens or creates `path/sha256`, and removes what interrupted ingests left there.
    package init(
        directory path: String,
        reservations: DiskReservations = DiskReservations()
    ) throws(ArtifactError) {
        self.path = "\(path)/sha256"
        self.reservations = reservations
        for level in [path, self.path] {
            guard mkdir(level, 0o750) == 0 || errno == EEXIST else { throw .system("mkdir", level) }
        }
        directory = try OpenFile(path: self.path, flags: O_RDONLY | O_DIRECTORY)
        try removeStale()
    }

    /// Begins to store an artifact, whose room is promised to it; nothing is visible before its `commit()`.
    ///
    /// - Throws: `ArtifactError` with the numbers when the disk has no room for it beside `reserve`.
    package func ingest(
        _ digest: Digest,
        size: ByteCount,
        keepingFree reserve: ByteCount = DiskSpace.reserve
    ) throws(ArtifactError) -> ContentIngest {
        try ContentIngest(into: self, digest: digest, size: size, keepingFree: reserve)
    }

    /// Whether it is there, every byte of it; if so, it counts as in use from now on.
    ///
    /// A file whose bytes are others is removed.
    package func holds(_ digest: Digest) throws(ArtifactError) -> Bool {
        guard contains(digest) else { return false }
        do throws(ArtifactError) {
            try verify(digest)
        } catch {
            guard error.code == .digestMismatch else { throw error }
            _ = unlinkat(directory.descriptor, digest.hex, 0)  // somebody else may have been faster
            return false
        }
        return utimensat(directory.descriptor, digest.hex, nil, 0) == 0
    }

    private func contains(_ digest: Digest) -> Bool {
        faccessat(directory.descriptor, digest.hex, F_OK, 0) == 0
    }

    /// The artifact for reading, at its start.
    package func open(_ digest: Digest) throws(ArtifactError) -> OpenFile {
        do throws(ArtifactError) {
            return try OpenFile(in: directory, name: Array(digest.hex.utf8), flags: O_RDONLY | O_NOFOLLOW)
        } catch {
            guard contains(digest) else {
                throw ArtifactError(.notStored, path: digest.short, "is not in \(path); fetch it again")
            }
            throw error
        }
    }

    /// Hashes a stored artifact again.
    ///
    /// - Throws: `ArtifactError.Code.digestMismatch` when the disk changed it, or `sizeMismatch` when it is not as large as
    ///   whoever names it says.
    package func verify(_ digest: Digest, size: ByteCount? = nil) throws(ArtifactError) {
        let found = try open(digest).digest(name: "\(path)/\(digest.hex)")
        guard found.digest == digest else {
            let advice = "has the digest \(found.digest) now: its bytes changed on disk; fetch it again"
            throw ArtifactError(.digestMismatch, path: "\(path)/\(digest.hex)", advice)
        }
        guard size == nil || size == found.size else {
            throw ArtifactError(.sizeMismatch, path: digest.short, "has \(found.size.bytes) bytes, not those named")
        }
    }

    /// Every stored digest, sorted.
    package func digests() throws(ArtifactError) -> [Digest] {
        try TreeWalk.entries(of: directory).compactMap { Digest(String(decoding: $0.path, as: UTF8.self)) }
    }

    /// Removes all artifacts but these and those that were stored or touched since `time`, and says which went.
    @discardableResult
    package func remove(except kept: Set<Digest>, unusedSince time: WallTime) throws(ArtifactError) -> [Digest] {
        var removed: [Digest] = []
        for entry in try TreeWalk.entries(of: directory) {
            guard let digest = Digest(String(decoding: entry.path, as: UTF8.self)), !kept.contains(digest) else {
                continue
            }
            let used = Int64(entry.status.st_mtim.tv_sec) * 1000 + Int64(entry.status.st_mtim.tv_nsec) / 1_000_000
            guard used < time.milliseconds else { continue }
            guard unlinkat(directory.descriptor, digest.hex, 0) == 0 || errno == ENOENT else {
                throw .system("unlinkat", "\(path)/\(digest.hex)")
            }
            removed.append(digest)
        }
        return removed
    }

    /// An ingest holds a lock on its file, so one that nobody holds belongs to a process that died.
    private func removeStale() throws(ArtifactError) {
        for entry in try TreeWalk.entries(of: directory) where entry.path.starts(with: Self.temporaryPrefix.utf8) {
            let file = try OpenFile(in: directory, name: entry.path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            _ = withCString(entry.path) { unlinkat(directory.descriptor, $0, 0) }
        }
    }
}
