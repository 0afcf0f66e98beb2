internal import Configuration
internal import Glibc
internal import Model
internal import Trust

/// Reads of the trust directory that belong together: a new root replaces the directory as a whole.
enum TrustReading {
    /// What `read` finds in one and the same directory; it may be called several times.
    static func consistent<Value>(_ paths: AgentPaths, _ read: () throws -> Value) throws -> Value {
        while true {
            let before = inode(paths.trust)
            let result = Result { try read() }
            guard inode(paths.trust) == before else { continue }
            return try result.get()
        }
    }

    private static func inode(_ path: String) -> ino_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_ino : nil
    }

    /// - Throws: `TrustError` on a host whose trust root has expired.
    static func requireCurrentRoot(_ paths: AgentPaths, at now: WallTime) throws(TrustError) {
        guard let held = try TrustKeeper.held(paths), held.root.hasExpired(at: now) else { return }
        throw TrustError(
            .expired,
            "this host's \(held.root.description)",
            "expired at \(held.root.expires.map { "\($0)" } ?? ""): no release is taken before the next one comes with "
                + "'fleet trust publish'"
        )
    }
}
