import Foundation
import Glibc
import Testing

extension Fleet {
    /// Starts `fleet …` in the workspace, and does not wait.
    func startFleet(_ arguments: [String]) throws -> Child {
        try beside(["fleet"] + arguments, subject: "fleet-\(arguments.first ?? "")")
    }

    /// Runs `fleet …` to its end.
    @discardableResult
    func fleet(_ arguments: String...) async throws -> Child.End { try await fleet(arguments) }

    @discardableResult
    func fleet(_ arguments: [String]) async throws -> Child.End {
        try await startFleet(arguments).end(within: .seconds(180))
    }

    /// Runs `fleet …`, which must end with this code.
    @discardableResult
    func fleet(
        _ arguments: String...,
        code: ExitCode,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Child.End {
        let end = try await fleet(arguments)
        try #require(end.code == code.rawValue, "expected \(code): \(end)", sourceLocation: location)
        return end
    }

    /// `fleet rollout` of a release that was built here.
    @discardableResult
    func rollOut(
        _ release: ExampleRelease,
        _ options: String...,
        code: ExitCode,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Child.End {
        let end = try await fleet(release.rollout + options)
        try #require(end.code == code.rawValue, "expected \(code): \(end)", sourceLocation: location)
        return end
    }

    /// Brings the file's hosts to a release that works, as fast as it goes, and leaves `file` as the fleet's description.
    func begin(
        with version: String,
        fault: String? = nil,
        _ file: FleetFile,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try describe(FleetFile(service: file.service, hosts: file.hosts, floor: "0", window: count))
        let release = try await build(version, of: file.service, fault: fault)
        try await rollOut(release, code: .succeeded, at: location)
        try describe(file)
    }

    /// Waits until a command that runs has said something on standard error.
    func waits(
        for words: String,
        from child: Child,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("'\(words)' in \(child.words.messages)", at: location) {
            if child.words.messages.contains(words) { return true }
            guard child.isRunning else { throw Child.Problem(description: "ended early: \(try await child.end())") }
            return false
        }
    }

    /// Ends a command as a crash would, and waits until it is gone.
    func crash(_ child: Child) async throws {
        child.signal(SIGKILL)
        _ = try await child.end()
    }

    /// Packs and signs a release, as CI would; answers the artifact's path in the workspace.
    func artifact(_ release: ExampleRelease, key: [String] = []) async throws -> String {
        let path = "dist/\(release.service)-\(release.version).tar"
        try await fleet("artifact", "pack", release.path, "--out", path, code: .succeeded)
        let end = try await fleet(["artifact", "sign", path] + key)
        try #require(end.code == 0, "\(end)")
        return path
    }
}

/// The exit codes that docs/terminology.md promises.
enum ExitCode: Int32 {
    case succeeded = 0
    case failed = 2
    case refused = 3
    case rolledBack = 4
    case paused = 5
    case incomplete = 6
    case aborted = 7
    case usage = 64
    case interrupted = 130
}
