package import Model

/// What git knows of a directory.
package struct SourceTree: Sendable {
    /// Where a work tree stands.
    package struct State: Hashable, Codable, Sendable {
        /// As `git describe --always --dirty --tags` says it.
        package let description: String
        package let isDirty: Bool
        /// Nil without a remote, or when the tree differs from its revision.
        package let origin: SourceRevision?
        package let committedAt: WallTime?
    }

    /// The state of the work tree that holds `directory`; nil when there is none, or no git.
    package static func state(of directory: String) async -> State? {
        guard let description = await git(["describe", "--always", "--dirty", "--tags"], directory) else { return nil }
        let isDirty = description.hasSuffix("-dirty")
        let revision = await git(["rev-parse", "HEAD"], directory)
        let remote = await git(["remote", "get-url", "origin"], directory)
        let seconds = await git(["log", "-1", "--format=%ct"], directory).flatMap { Int64($0) }
        let origin = revision.flatMap { revision in
            remote.map { SourceRevision(repository: repository($0), revision: revision) }
        }
        return State(
            description: description,
            isDirty: isDirty,
            origin: isDirty ? nil : origin,
            committedAt: isDirty ? nil : seconds.map { WallTime(milliseconds: $0 * 1000) }
        )
    }

    /// A remote as SLSA writes repositories, `git+https://…`, and without the password that it may hold.
    static func repository(_ remote: String) -> String {
        guard let scheme = remote.firstRange(of: "://") else {
            return remote.hasPrefix("git+") ? remote : "git+\(remote)"
        }
        let rest = remote[scheme.upperBound...]
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let host = rest[..<end].lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        let plain = "\(remote[..<scheme.upperBound])\(host)"
        return plain.hasPrefix("git+") ? plain : "git+\(plain)"
    }

    private static func git(_ arguments: [String], _ directory: String) async -> String? {
        let command = ExternalCommand(["git", "-C", directory] + arguments, timeLimit: .seconds(20))
        // Without git, or outside a work tree, there is simply nothing to know.
        guard let result = try? await command.run(), result.status == 0 else { return nil }
        let line = result.text.split(whereSeparator: \.isNewline).first.map(String.init)
        return line?.isEmpty == false ? line : nil
    }
}
