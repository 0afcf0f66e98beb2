import Artifacts
import Configuration
import Foundation
import Model
import Testing
import Trust

@testable import Agent

/// Releases of five files each, signed by a builder that the host trusts, and the host's places below one directory.
///
/// What a power cut may take lies in `root`; keys, and in simulations the artifacts, lie beside it.
final class CrashFixture: Sendable {
    static let service = ServiceName(validated: "web")
    static let environment = EnvironmentName(validated: "production")
    static let unit = UnitName(validated: "web.service")
    static let host = HostID(validated: "h1")
    static let ledger = LedgerID(validated: "aaaaaaaa-0000-0000-0000-000000000000")
    private static let builder = "https://ci.example.com"

    let directory: String
    let root: String
    private let key: SigningKey
    private let packed: [Int: Packed]

    private struct Packed {
        let release: Release
        let artifact: [UInt8]
    }

    /// Makes `releases` releases, numbered from 1.
    init(releases: Int, root: String? = nil) throws {
        directory = "\(Self.fastest)/fleet-crash-\(UUID().uuidString)"
        self.root = root ?? "\(directory)/root"
        try FileManager.default.createDirectory(
            atPath: "\(directory)/trust/builders",
            withIntermediateDirectories: true
        )
        key = try SigningKey.generate()
        let entry = try TrustedBuilder(builder: Self.builder, environments: nil, key: key.publicKey).json()
        try Data(entry).write(to: URL(filePath: "\(directory)/trust/builders/ci.json"))
        var packed: [Int: Packed] = [:]
        for number in 1...releases { packed[number] = try Self.pack(number, for: self.root, in: directory) }
        self.packed = packed
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }  // files that stay do no harm

    /// A file system in memory where there is one: what is tested here is not what fsync costs.
    private static var fastest: String {
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    }

    var paths: AgentPaths {
        var paths = AgentPaths()
        paths.services = "\(root)/srv"
        paths.state = "\(root)/var"
        paths.units = "\(root)/units"
        paths.credentials = "\(root)/credentials"
        paths.trust = "\(directory)/trust"
        return paths
    }

    var configuration: AgentConfiguration {
        var configuration = AgentConfiguration(fleet: FleetName(validated: "example"), host: Self.host)
        configuration.paths = paths
        configuration.keepReleases = 2
        configuration.limits.minFreeDisk = ByteCount(0)
        return configuration
    }

    private static func pack(_ number: Int, for root: String, in directory: String) throws -> Packed {
        let tree = "\(directory)/tree-\(number)"
        let files = [
            "service.yml": "service: web\nunit: web.service\nhealthy_for: 0s\n",
            "web.service": "# \(number)\n[Service]\nExecStart=\(root)/srv/web/current/bin/run\n",
            "bin/run": "#!/bin/sh\necho \(number)\n",
            "share/words.txt": String(repeating: "release \(number)\n", count: 300 * number),
        ]
        for (name, text) in files {
            let file = URL(filePath: "\(tree)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try shell(
            "chmod -R u=rwX,go=rX .; chmod 755 bin/run; ln -s bin/run start; tar -cf ../\(number).tar .",
            in: tree
        )
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(directory)/\(number).tar")))
        let size = ByteCount(Int64(bytes.count))
        let release = Release(
            service: service,
            environment: environment,
            version: Version(validated: "\(number).0"),
            artifact: Artifact(digest: SHA256.digest(of: bytes), size: size, format: .tar),
            config: [try ConfigEntry(key: "NUMBER", value: "\(number)")]
        )
        return Packed(release: release, artifact: bytes)
    }

    /// Removes a directory with the read-only ones in it.
    static func wipe(_ path: String) throws {
        for entry in DiskImage.entries(of: path) { if case .directory = entry.kind { _ = chmod(entry.path, 0o700) } }
        try FileManager.default.removeItem(atPath: path)
    }

    static func shell(_ script: String, in directory: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(filePath: directory)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script): \(text)")
    }

    // MARK: What travels

    private func packed(_ number: Int) throws -> Packed { try #require(packed[number]) }

    func id(_ number: Int) throws -> ReleaseID {
        ReleaseID(version: Version(validated: "\(number).0"), digest: try packed(number).release.digest())
    }

    /// Brings an artifact to the host, as its coordinator does before it orders anything with it.
    func push(_ number: Int, to store: ContentStore) throws {
        let packed = try packed(number)
        let artifact = packed.release.artifact
        guard try !store.holds(artifact.digest) else { return }
        let ingest = try store.ingest(artifact.digest, size: artifact.size, keepingFree: ByteCount(0))
        try ingest.write(packed.artifact)
        try ingest.commit()
    }

    /// The order of a rollout for one release, with what vouches for it.
    func material(_ number: Int, _ rollout: RolloutID, _ epoch: Epoch, at now: WallTime) throws -> PrepareOrder {
        let release = try packed(number).release
        let order = Order(
            plan: SHA256.digest(of: Array("plan of \(number)".utf8)),
            release: try release.digest(),
            service: Self.service,
            environment: Self.environment,
            hosts: [Self.host],
            epoch: epoch,
            rollout: rollout,
            requester: OperatorName(validated: "alice@laptop"),
            reason: "release",
            startBy: now + .hours(1),
            validUntil: now + .hours(24),
            catchUpUntil: now + .days(7)
        )
        let envelope = try Provenance(artifactName: "web", artifact: release.artifact.digest, builder: Self.builder)
            .signed(with: key).json()
        return PrepareOrder(
            order: try CanonicalJSON.encode(order),
            release: try CanonicalJSON.encode(release),
            provenance: [envelope]
        )
    }
}
