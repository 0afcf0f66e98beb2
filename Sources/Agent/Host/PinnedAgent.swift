internal import Artifacts
internal import Configuration
internal import Glibc
internal import Model
internal import Synchronization
internal import Trust

/// A copy of this very agent and its configuration, kept where no package manager goes: what a dead-man's timer runs.
///
/// An upgrade of `/usr/bin/agent` to one that does not work, its removal, or a broken `agent.yml` in the middle of a change
/// decides nothing about that change.
final class PinnedAgent: Sendable {
    /// What the words after the executable are.
    typealias Command = [String]

    /// Holds one directory for each agent and configuration that was pinned.
    private let place: String
    private let configuration: String
    private let executable: String
    private let known = Mutex<Command?>(nil)

    /// `executable` is opened when it is copied, so that of a running process it is `/proc/self/exe`.
    init(place: String, configuration: String, executable: String = "/proc/self/exe") {
        self.place = place
        self.configuration = configuration
        self.executable = executable
    }

    /// Directories that stay: the newest, and those that a timer which is still armed may name.
    private static let kept = 3
    private static let agent = "agent"
    private static let settings = "agent.yml"
    private static let unfinished = ".new"

    /// `agent recover` as it is to run later; blocks when it is asked for the first time.
    func recovery() throws -> Command {
        try known.withLock { known in
            if let known { return known }
            let command = try pin()
            known = command
            return command
        }
    }

    private func pin() throws -> Command {
        let digest = try OpenFile(path: executable, flags: O_RDONLY).digest(name: executable).digest
        let settings = try Directory.content(of: configuration)
        let name = "\(digest.short)-\(SHA256.digest(of: settings).short)"
        let parent = try Directory(creating: place, mode: 0o700)
        if try !isWhole(name, digest, settings, in: parent) {
            try Tree.remove(name, in: parent)
            try copy(settings, to: name, in: parent)
        }
        try forget(besides: name, in: parent)
        let pinned = "\(place)/\(name)"
        // Not where the state lies on a file system from which nothing may run (access(2), EACCES).
        guard access("\(pinned)/\(Self.agent)", X_OK) == 0 else {
            return RecoverCommand.words(of: try own(), configuration: configuration)
        }
        return RecoverCommand.words(of: "\(pinned)/\(Self.agent)", configuration: "\(pinned)/\(Self.settings)")
    }

    private func isWhole(
        _ name: String,
        _ digest: Digest,
        _ settings: [UInt8],
        in parent: borrowing Directory
    ) throws -> Bool {
        guard parent.exists(name) else { return false }
        let directory = try Directory(path: parent.full(name))
        guard directory.exists(Self.agent), try directory.read(Self.settings) == settings else { return false }
        let copy = directory.full(Self.agent)
        return try OpenFile(path: copy, flags: O_RDONLY).digest(name: copy).digest == digest
    }

    /// A crash on the way leaves nothing that looks whole.
    private func copy(_ settings: [UInt8], to name: String, in parent: borrowing Directory) throws {
        try Tree.remove(Self.unfinished, in: parent)
        let directory = try Directory(creating: parent.full(Self.unfinished), mode: 0o700)
        let path = directory.full(Self.agent)
        let source = try OpenFile(path: executable, flags: O_RDONLY)
        let target = try OpenFile(path: path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o755)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source.descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw FileError.last("read", executable) }
            guard count > 0 else { break }
            try chunk.withUnsafeBytes { try target.write(UnsafeRawBufferPointer(rebasing: $0[..<count]), name: path) }
        }
        guard fchmod(target.descriptor, 0o755) == 0 else { throw FileError.last("chmod", path) }
        guard fsync(target.descriptor) == 0 else { throw FileError.last("fsync", path) }
        try directory.write(Self.settings, settings, mode: 0o600)
        try parent.rename(Self.unfinished, to: name)
    }

    /// Lets the oldest go; the last change of a directory's names is when it was pinned.
    private func forget(besides name: String, in parent: borrowing Directory) throws {
        var others: [(name: String, since: Int)] = []
        for other in try parent.entries() where other != name && other != Self.unfinished {
            var status = stat()
            guard lstat(parent.full(other), &status) == 0 else { continue }
            others.append((other, status.st_mtim.tv_sec))
        }
        others.sort { ($0.since, $0.name) > ($1.since, $1.name) }
        for other in others.dropFirst(Self.kept - 1) { try Tree.remove(other.name, in: parent) }
    }

    private func own() throws -> String {
        guard let resolved = realpath(executable, nil) else { throw FileError.last("realpath", executable) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
