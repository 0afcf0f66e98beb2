internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Who is at the other end of the local socket.
struct LocalPeer: Hashable, Sendable {
    let uid: uid_t

    /// Whether this user may change the host.
    var mayChange: Bool { uid == 0 || uid == geteuid() }

    /// The user's name, or its number without one.
    var name: String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, let found else { return "\(uid)" }
        return String(cString: found.pointee.pw_name)
    }
}

extension LocalPeer {
    /// Asks the kernel who has connected `channel`; nobody we know when it can't tell.
    init(of channel: any Channel) async throws {
        guard let provider = channel as? any SocketOptionProvider else {
            self.init(uid: .max)
            return
        }
        let credentials: LocalCredentials = try await provider.unsafeGetSocketOption(
            level: .init(rawValue: SOL_SOCKET),
            name: .init(rawValue: SO_PEERCRED)
        ).get()
        self.init(uid: credentials.uid)
    }
}

extension LocalCall {
    /// Whether it only looks, and costs next to nothing: `verify` reads every byte of a release.
    var isForEveryone: Bool {
        switch self {
        case .status, .history: true
        case .verify, .apply, .rollback, .repair, .unhold, .deadMan: false
        }
    }
}

/// What the kernel says of a peer; the layout of `struct ucred` (unix(7)), which Swift's Glibc module does not show.
struct LocalCredentials: Sendable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32
}
