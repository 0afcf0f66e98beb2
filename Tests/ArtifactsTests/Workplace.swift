import Artifacts
import Foundation
import Glibc
import Model
import Testing

/// A scratch directory of one test, the built `fleet-unpack`, and shell commands in that directory.
final class Workplace {
    let path: String

    init(_ name: String = #function) throws {
        let label = name.prefix { $0.isLetter || $0.isNumber }
        path = "\(NSTemporaryDirectory())/fleet-artifacts-\(label)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // scratch; a leftover harms nothing

    func tool(timeLimit: Duration = .seconds(120)) throws -> UnpackTool {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let builds = ["debug", "release"].map { root.appending(path: ".build/\($0)/fleet-unpack").path }
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [beside.appending(path: "fleet-unpack").path] + builds
        let path = try #require(candidates.first { access($0, X_OK) == 0 }, "fleet-unpack must be built first")
        return try UnpackTool(path: path, timeLimit: timeLimit)
    }

    func file(_ name: String, flags: Int32 = O_RDONLY) throws -> OpenFile {
        try OpenFile(path: "\(path)/\(name)", flags: flags, mode: 0o600)
    }

    /// A new empty directory, open.
    func staging(_ name: String = "staging") throws -> OpenFile {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        return try file(name, flags: O_RDONLY | O_DIRECTORY)
    }

    @discardableResult
    func shell(_ script: String) throws -> String {
        try run("/bin/bash", ["-euo", "pipefail", "-c", script])
    }

    @discardableResult
    func python(_ script: String) throws -> String { try run("/usr/bin/env", ["python3", "-c", script]) }

    private func run(_ executable: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(text)")
        return text
    }
}
