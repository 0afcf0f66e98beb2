import Foundation
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
}
