internal import Configuration
internal import Glibc
internal import Model
internal import TLS

/// The key of a host that is about to join, on its disk until the host is a member.
///
/// A token is spent on this key. So it is kept where an answer is missing, after a crash too: whoever runs the same command
/// again asks with the same key, and is answered again.
struct JoinStage: Sendable {
    private static let name = "joining"
    private static let keyName = "key.pem"
    private static let tokenName = "token"

    /// Holds the host's certificate, later.
    private let directory: String

    init(paths: AgentPaths) { directory = JoinFiles.parent(of: paths.privateKey) }

    private var path: String { "\(directory)/\(Self.name)" }

    /// The key that this token may have been spent on; nil without one.
    func key(for token: Digest, of host: HostID) throws -> NewIdentity? {
        guard access(path, F_OK) == 0 else { return nil }
        let stage = try Directory(path: path)
        guard try stage.read(Self.tokenName) == Array(token.hex.utf8), let key = try stage.read(Self.keyName) else {
            return nil
        }
        return try NewIdentity(name: host.text, keyPEM: Secret(key), source: stage.full(Self.keyName))
    }

    /// Makes a key for this token, in place of that of another; it is on disk when this returns.
    func makeKey(for token: Digest, of host: HostID) throws -> NewIdentity {
        let new = try NewIdentity(name: host.text)
        let parent = try Directory(creating: directory)
        try Tree.remove(Self.name, in: parent)
        let stage = try Directory(creating: path, mode: 0o700)
        try stage.write(Self.keyName, try new.keyPEM().reveal(), mode: 0o600)
        // Last: without it the key is nobody's.
        try stage.write(Self.tokenName, Array(token.hex.utf8), mode: 0o600)
        return new
    }

    /// Forgets the key, and the directories that were made for it alone.
    func remove() throws(FileError) {
        guard access(directory, F_OK) == 0 else { return }
        do {
            let parent = try Directory(path: directory)
            try Tree.remove(Self.name, in: parent)
            try parent.sync()
        }
        // Those that hold anything stay: rmdir(2) says no.
        if rmdir(directory) == 0 { rmdir(JoinFiles.parent(of: directory)) }
    }
}
