import Foundation

@testable import Agent
@testable import Configuration

/// A directory that stands for a host's root, gone when the test ends.
final class Scratch: Sendable {
    let path: String

    init() {
        path = "\(NSTemporaryDirectory())/fleet-agent-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var paths: AgentPaths {
        var paths = AgentPaths()
        paths.services = "\(path)/srv"
        paths.state = "\(path)/var"
        paths.units = "\(path)/units"
        paths.credentials = "\(path)/credstore"
        paths.trust = "\(path)/trust"
        return paths
    }

    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
    }

    func text(_ name: String) -> String? { try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    func link(_ name: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(path)/\(name)")
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}
