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
        let authors = await authors(directory)
        let origin = revision.flatMap { revision in
            remote.map { SourceRevision(repository: repository($0), revision: revision, authors: authors) }
        }
        return State(
            description: description,
            isDirty: isDirty,
            origin: isDirty ? nil : origin,
            committedAt: isDirty ? nil : seconds.map { WallTime(milliseconds: $0 * 1000) }
        )
    }

    /// The revisions of a range, newest first, one line each; nil where the repository of `directory` does not have them.
    package static func log(_ range: String, in directory: String) async -> [String]? {
        let command = ["git", "-C", directory, "log", "--oneline", "--no-decorate", range, "--"]
        guard let result = try? await ExternalCommand(command, timeLimit: .seconds(20)).run(), result.status == 0 else {
            return nil  // no git, or another repository: both only mean that there is nothing to show
        }
        return result.text.split(whereSeparator: \.isNewline).map(String.init)
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

    /// E-mail addresses of the author and the co-authors of `HEAD`, in lower case, each once.
    private static func authors(_ directory: String) async -> [String] {
        let format = "--format=%ae%n%(trailers:key=Co-authored-by,valueonly)"
        let lines = await lines(of: ["log", "-1", format], directory)
        var seen: Set<String> = []
        return lines.map(address).filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// `Ada <ada@example.com>` and `ada@example.com` are the same person.
    static func address(_ person: String) -> String {
        let end = person.lastIndex(of: ">") ?? person.endIndex
        let start = person[..<end].lastIndex(of: "<").map { person.index(after: $0) } ?? person.startIndex
        return person[start..<end].trimmingPrefix { $0.isWhitespace }.lowercased()
    }

    private static func git(_ arguments: [String], _ directory: String) async -> String? {
        await lines(of: arguments, directory).first
    }

    /// What git says, without empty lines; nothing outside a work tree.
    private static func lines(of arguments: [String], _ directory: String) async -> [String] {
        let command = ExternalCommand(["git", "-C", directory] + arguments, timeLimit: .seconds(20))
        // Without git, or outside a work tree, there is simply nothing to know.
        guard let result = try? await command.run(), result.status == 0 else { return [] }
        return result.text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
