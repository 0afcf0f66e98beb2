import Configuration
import Foundation
import Model
import Protocol
import TLS
import Testing
import Trust

@testable import Agent

/// A server with an agent installed and nothing else, in a directory that goes away.
final class BareHost: Sendable {
    let root: String
    /// Its `agent.yml`, which names this directory as its root.
    let file: String
    let log = CapturedLog()

    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/fleet-host-" + UUID().uuidString
        file = "\(root)/agent.yml"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// `agent.yml`, as a person writes it beforehand to keep everything below this directory.
    func configure(as host: String, of fleet: String = "scratch") throws {
        let text = "fleet: \(fleet)\nhost: \(host)\nroot: \(root)\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    func configuration() throws -> AgentConfiguration {
        try AgentFile.parse(Array(Data(contentsOf: URL(filePath: file))), file: file)
    }

    func join(
        _ token: JoinToken,
        at site: HostPort,
        replacing: Bool = false,
        now: @escaping @Sendable () -> WallTime = { Site.now }
    ) async throws -> HostJoin.Outcome {
        if !FileManager.default.fileExists(atPath: file) { try configure(as: token.host.text) }
        let join = try HostJoin(
            token,
            existing: configuration(),
            file: file,
            now: now,
            logger: log.logger("agent")
        )
        return try await join.run(at: site, replacing: replacing)
    }

    /// Every file below this directory but `agent.yml`, with its mode; what was believed before is left out.
    func files() throws -> [String: Int] {
        var found: [String: Int] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init() {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")
            guard attributes[.type] as? FileAttributeType == .typeRegular, path != "agent.yml",
                !path.contains("trust.previous/")
            else { continue }
            found[path] = attributes[.posixPermissions] as? Int
        }
        return found
    }

    func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "\(root)/\(path)"))) }

    /// Who the agent says that it is, from the files that lie here.
    func peer() async throws -> Membership {
        let clock = HostClock(bootID: "b")
        return try await HostIdentity(configuration(), clock: clock, logger: log.logger("agent")).membership
    }
}
