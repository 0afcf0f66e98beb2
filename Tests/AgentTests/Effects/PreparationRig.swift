import Artifacts
import Configuration
import Foundation
import Glibc
import HTTP
import Model
import NIOPosix
import Storage
import Testing
import Trust

@testable import Activation
@testable import Agent

/// The effects of one host over a scratch root: the real `fleet-unpack`, a trusted builder, and a systemd that never
/// answers, because preparing needs none.
final class PreparationRig {
    static let service = ServiceName(validated: "web")
    static let source = SourceRevision(
        repository: "git+https://git.example.com/web",
        revision: "9fceb02d0a",
        authors: ["ada@example.com"]
    )
    private static let builder = "https://ci.example.com"

    let scratch = Scratch()
    let host: HostServices
    let performer: EffectPerformer
    private let key: SigningKey
    private let bus: Int32

    /// A host with these limits; `script` runs in place of `fleet-unpack`, and its REAL becomes the real one's path.
    init(limits: AgentConfiguration.Limits = .init(), tool script: String? = nil) throws {
        key = try SigningKey.generate()
        let paths = scratch.paths
        try scratch.write("var/empty", "")
        try scratch.write("srv/empty", "")
        try Self.trust(key, as: "ci", in: scratch)
        bus = try Self.silentBus(at: "\(scratch.path)/bus")
        let systemd = try Systemd(by: .managerSocket(path: "\(scratch.path)/bus"))
        let group = MultiThreadedEventLoopGroup.singleton
        let clock = HostClock(bootID: "boot")
        var tool = try Self.tool()
        if let script {
            try scratch.write("script", script.replacing("REAL", with: tool))
            // Copied by a child: a descriptor of ours, inherited by another test's child, would make the file busy.
            try Self.shell("cp script tool; chmod 755 tool", in: scratch.path)
            tool = "\(scratch.path)/tool"
        }
        host = HostServices(
            host: HostID(validated: "web-1"),
            paths: paths,
            thread: DedicatedThread(name: "test"),
            clock: clock,
            systemd: systemd,
            checks: CheckRunner(
                systemd: systemd,
                clock: clock,
                http: HTTPClient(trust: nil, group: group),
                group: group
            ),
            artifacts: try ContentStore(directory: "\(paths.state)/artifacts"),
            tool: try UnpackTool(path: tool),
            limits: limits,
            pinned: PinnedAgent(place: paths.pinned, configuration: "\(scratch.path)/agent.yml"),
            keeper: Keeper(executable: "/usr/bin/agent", configuration: "agent.yml")
        )
        performer = EffectPerformer(
            service: Self.service,
            host: host,
            store: ReleaseStore(service: Self.service, paths: paths, thread: host.thread),
            materials: MaterialCache()
        )
    }

    private static func trust(
        _ key: SigningKey,
        as name: String,
        for environments: [EnvironmentName]? = nil,
        in scratch: Scratch
    ) throws {
        let entry = try TrustedBuilder(builder: builder, environments: environments, key: key.publicKey).json()
        try scratch.write("trust/builders/\(name).json", String(decoding: entry, as: UTF8.self))
    }

    /// Another key that the host trusts, everywhere or only for some environments.
    func addKey(_ name: String, for environments: [EnvironmentName]? = nil) throws -> SigningKey {
        let key = try SigningKey.generate()
        try Self.trust(key, as: name, for: environments, in: scratch)
        return key
    }

    deinit {
        host.systemd.close()
        host.thread.stop()
        close(bus)
    }

    static func tool() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let builds = ["debug", "release"].map { root.appending(path: ".build/\($0)/fleet-unpack").path }
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [beside.appending(path: "fleet-unpack").path] + builds
        return try #require(candidates.first { access($0, X_OK) == 0 }, "fleet-unpack must be built first")
    }

    /// A socket that takes connections and says nothing.
    private static func silentBus(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0 && listen(descriptor, 8) == 0)
        return descriptor
    }

    @discardableResult
    func shell(_ script: String) throws -> String { try Self.shell(script, in: scratch.path) }

    @discardableResult
    private static func shell(_ script: String, in directory: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(filePath: directory)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(text)")
        return text
    }

    /// Makes `d`, and of it an artifact of each format; `package` adds to the Debian package's tree in `p`.
    func makeArtifacts(service: String = "service: web\nstrategy: none\n", package: String = "true") throws {
        try scratch.write("d/service.yml", service)
        try shell(
            """
            mkdir -p d/bin; printf '#!/bin/sh\\n' > d/bin/run; chmod 755 d/bin/run; ln -s bin/run d/start
            tar -cf a.tar -C d .; gzip -kn a.tar; zstd -q -k a.tar; xz -k a.tar
            mkdir -p p/DEBIAN; cp -a d/. p/
            printf 'Package: web\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: a\\nDescription: b\\n' > p/DEBIAN/control
            \(package)
            dpkg-deb --root-owner-group -b p a.deb
            """
        )
    }

    /// A release of the artifact of that format, which is in the store.
    func release(_ format: ArtifactFormat, scripts: DebianScripts = .refuse, source: SourceRevision? = source) throws
        -> Release
    {
        let path = "\(scratch.path)/a.\(format.rawValue)"
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let artifact = Artifact(
            digest: SHA256.digest(of: bytes),
            size: ByteCount(Int64(bytes.count)),
            format: format
        )
        let ingest = try host.ingest(artifact.digest, size: artifact.size)
        try ingest.write(bytes)
        try ingest.commit()
        return Release(
            service: Self.service,
            environment: EnvironmentName(validated: "test"),
            version: try Version(parsing: "1.0"),
            artifact: artifact,
            source: source,
            debianScripts: scripts
        )
    }

    /// What CI signs: this artifact, from `source`.
    func envelope(_ artifact: Artifact, by other: SigningKey? = nil) throws -> [UInt8] {
        try Provenance(
            artifactName: "web",
            artifact: artifact.digest,
            builder: Self.builder,
            source: Self.source
        ).signed(with: other ?? key).json()
    }

    /// Performs the effects of a preparation in their order, up to the first that fails.
    func prepare(
        _ release: Release,
        signed: Bool = true,
        also others: [SigningKey] = [],
        saying attestations: [[UInt8]] = []
    ) async throws -> (id: ReleaseID, failure: Failure?) {
        let bytes = try CanonicalJSON.encode(release)
        let id = ReleaseID(version: release.version, digest: SHA256.digest(of: bytes))
        let own = signed ? [try envelope(release.artifact)] : []
        let envelopes = try own + others.map { try envelope(release.artifact, by: $0) } + attestations
        let material = PrepareOrder(order: [], release: bytes, provenance: envelopes)
        let effects: [Effect] = [
            .verify(Verification(id: id, release: release, material: material, demand: .provenanceAndApprovals)),
            .reserve(id, release), .unpack(id, release), .inspect(id, release), .install(id),
        ]
        for effect in effects {
            if case .failed(let failure) = await performer.perform(effect) { return (id, failure) }
        }
        return (id, nil)
    }
}
