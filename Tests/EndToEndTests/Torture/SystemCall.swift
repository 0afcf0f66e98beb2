/// One system call that changes something, by name and by how often that name was called since strace was attached.
struct SystemCall: Hashable, Sendable, CustomStringConvertible {
    let name: String
    /// Counted from 1: `when=` of strace(1).
    let ordinal: Int
    /// As strace wrote it.
    let text: String

    /// Whether it was answered without an error: only then anything has changed.
    var hasSucceeded: Bool { !text.contains(" = -1 ") }
    /// Whether it is of the agent's journal, which SQLite writes.
    var isOfJournal: Bool { text.contains("/agent.db") }

    var description: String { "\(name) #\(ordinal)" }

    /// All calls by which a file, a name or its place on disk changes.
    static let changing = [
        "openat", "write", "pwrite64", "writev", "pwritev", "rename", "renameat", "renameat2", "symlink", "symlinkat",
        "link", "linkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "chown",
        "fchown", "fchownat", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync", "syncfs", "utimensat",
    ]

    /// The calls in a recording of strace; opening a file counts where it may make one.
    static func parse(_ recording: String) -> [Self] {
        var counts: [String: Int] = [:]
        return recording.split(whereSeparator: \.isNewline).compactMap { line in
            guard let end = line.firstIndex(of: "("), !line.hasPrefix("strace:") else { return nil }
            let name = String(line[..<end])
            counts[name, default: 0] += 1
            let isChanging = name == "openat" ? line.contains("O_CREAT") : changing.contains(name) || name == "sendmsg"
            return isChanging ? Self(name: name, ordinal: counts[name] ?? 0, text: String(line)) : nil
        }
    }
}
