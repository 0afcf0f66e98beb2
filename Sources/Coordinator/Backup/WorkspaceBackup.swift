package import Artifacts
internal import Glibc
package import Model

/// Everything that can't be made again, in one file: ledger, authority, keys, trust.
///
/// Artifacts are left out.
package struct WorkspaceBackup: Sendable {
    private let workspace: Workspace
    private let tool: UnpackTool

    package init(_ workspace: Workspace, tool: UnpackTool) {
        self.workspace = workspace
        self.tool = tool
    }

    /// The directories that are copied as they are.
    private static let directories = ["ca", "operator", "keys", "builders"]
    /// The same, where there are any.
    private static let optionalDirectories = ["coordinator", "attesters", "trust"]
    private static let optionalFiles = ["approvers", "break-glass", "policy.yml"]
    private static let ledgerName = "ledger.db"

    // MARK: Create

    /// Writes the backup to a new file that only its owner can read.
    package func create(_ path: String) async throws -> ByteCount {
        guard !SmallFile.exists(path) else {
            throw CoordinatorError(.backup, "\(path) exists already and is kept; name a new file")
        }
        let layout = workspace.layout
        let staging = "\(layout.root)/backup-\(getpid())"
        try SmallFile.makeDirectory(staging)
        defer { Self.removeTree(staging) }
        for name in Self.directories { try Self.copyTree("\(layout.root)/\(name)", to: "\(staging)/\(name)") }
        for name in Self.optionalDirectories where SmallFile.isDirectory("\(layout.root)/\(name)") {
            try Self.copyTree("\(layout.root)/\(name)", to: "\(staging)/\(name)")
        }
        for name in Self.optionalFiles where SmallFile.exists("\(layout.root)/\(name)") {
            try SmallFile.create("\(staging)/\(name)", try SmallFile.read("\(layout.root)/\(name)"), mode: 0o600)
        }
        try await workspace.ledger().backup(to: "\(staging)/\(Self.ledgerName)")
        let tree = try OpenFile(path: staging, flags: O_RDONLY | O_DIRECTORY)
        let file = try OpenFile(path: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        do {
            let archive = try await tool.pack(tree, to: file)
            guard fsync(file.descriptor) == 0 else { throw SmallFile.unusable(path, "can't be written to disk") }
            return archive.size
        } catch {
            unlink(path)
            throw error
        }
    }

    // MARK: Restore

    /// Makes the workspace of the backup where there is none.
    package func restore(_ path: String) async throws {
        let layout = workspace.layout
        guard !SmallFile.exists(layout.root) else {
            throw CoordinatorError(
                .backup,
                "\(layout.root) exists already and is kept: move it away first, for example 'mv \(layout.root) \(layout.root).old'"
            )
        }
        let staging = "\(layout.root).restoring-\(getpid())"
        try SmallFile.makeDirectory(staging)
        defer { Self.removeTree(staging) }
        let directory = try OpenFile(path: staging, flags: O_RDONLY | O_DIRECTORY)
        _ = try await tool.unpack(try OpenFile(path: path, flags: O_RDONLY), format: .tar, into: directory)
        for name in Self.directories + [Self.ledgerName] where !SmallFile.exists("\(staging)/\(name)") {
            throw CoordinatorError(.backup, "\(path) is no backup of a workspace: it has no \(name)")
        }
        try Self.protect(staging)
        try SmallFile.create("\(staging)/.gitignore", Array("*\n".utf8), mode: 0o644)
        for name in ["artifacts", "locks"] { try SmallFile.makeDirectory("\(staging)/\(name)") }
        try directory.syncFilesystem()
        guard rename(staging, layout.root) == 0 else { throw SmallFile.unusable(layout.root, "can't be put in place") }
    }

    /// An archive of ours has only the modes 0644 and 0755: keys get theirs back.
    private static func protect(_ directory: String) throws {
        chmod(directory, 0o700)
        for name in try SmallFile.names(in: directory) {
            let path = "\(directory)/\(name)"
            if SmallFile.isDirectory(path) { try protect(path) } else { chmod(path, 0o600) }
        }
    }

    private static func copyTree(_ source: String, to target: String) throws {
        try SmallFile.makeDirectory(target)
        for name in try SmallFile.names(in: source) {
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            if SmallFile.isDirectory(from) {
                try copyTree(from, to: to)
            } else {
                try SmallFile.create(to, try SmallFile.read(from), mode: 0o600)
            }
        }
    }

    private static func removeTree(_ path: String) {
        // Only what this process has made a moment ago; what can't be removed is left, and seen.
        for name in (try? SmallFile.names(in: path)) ?? [] {
            let inner = "\(path)/\(name)"
            if SmallFile.isDirectory(inner) { removeTree(inner) } else { unlink(inner) }
        }
        unlink("\(path)/.gitignore")
        rmdir(path)
    }
}
