import Artifacts
import Foundation
import Glibc
import Model
import NIOCore
import Testing
import Trust

@testable import Coordinator

struct ArtifactSupplyTests {
    private let scratch: ScratchWorkspace
    private let store: ContentStore

    init() throws {
        scratch = try ScratchWorkspace()
        try scratch.setUp()
        store = try scratch.workspace.artifacts()
    }

    private func stored(_ content: [UInt8]) throws -> Artifact {
        let size = ByteCount(Int64(content.count))
        let artifact = Artifact(digest: SHA256.digest(of: content), size: size, format: .tar)
        let ingest = try store.ingest(artifact.digest, size: size)
        try ingest.write(content)
        try ingest.commit()
        return artifact
    }

    private func bytes(_ shipment: Shipment) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in shipment { bytes += chunk.readableBytesView }
        return bytes
    }

    @Test("One encoding serves all hosts, each from its start, and leaves no file behind")
    func shared() async throws {
        let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let artifact = try stored(content)
        let tool = try ScratchWorkspace.tool()
        let supply = ArtifactSupply(artifacts: store, tool: tool)
        let first = try await supply.shipment(of: artifact)
        let second = try await supply.shipment(of: artifact)
        #expect(first.file === second.file)
        async let one = bytes(first)
        async let other = bytes(second)
        let (left, right) = (try await one, try await other)
        #expect(left == right)
        try Data(left).write(to: URL(filePath: "\(scratch.directory)/encoded"))
        let decoded = try OpenFile(path: "\(scratch.directory)/decoded", flags: O_RDWR | O_CREAT)
        let encoded = try OpenFile(path: "\(scratch.directory)/encoded", flags: O_RDONLY)
        _ = try await tool.decode(encoded, to: decoded, maximum: artifact.size)
        #expect(try Array(Data(contentsOf: URL(filePath: "\(scratch.directory)/decoded"))) == content)
        let beside = try FileManager.default.contentsOfDirectory(atPath: scratch.workspace.layout.artifacts)
        #expect(beside == ["sha256"])
    }

    @Test("A failed encoding is tried again for the next host")
    func failure() async throws {
        let artifact = try stored([UInt8](repeating: 1, count: 100_000))
        let real = try ScratchWorkspace.tool().path
        try scratch.write("#!/bin/sh\n[ -e \(scratch.directory)/fixed ] || exit 7\nexec \(real) \"$@\"\n", to: "script")
        // Copied by a child: a descriptor of ours, inherited by another test's child, would make the file busy.
        let command = "cp \(scratch.directory)/script \(scratch.directory)/tool; chmod 755 \(scratch.directory)/tool"
        _ = try await ExternalCommand(["/bin/sh", "-c", command], timeLimit: .seconds(60)).run()
        let supply = ArtifactSupply(artifacts: store, tool: try UnpackTool(path: "\(scratch.directory)/tool"))
        await #expect(throws: ArtifactError.self) { try await supply.shipment(of: artifact) }
        try scratch.write("", to: "fixed")
        #expect(try await bytes(supply.shipment(of: artifact)).isEmpty == false)
        let beside = try FileManager.default.contentsOfDirectory(atPath: scratch.workspace.layout.artifacts)
        #expect(beside == ["sha256"])
    }

    @Test("A file that can't be read is a failure, and no end of the artifact")
    func unreadable() async throws {
        let artifact = try stored([1, 2, 3])
        let offer = try await ArtifactSupply(artifacts: store, tool: try ScratchWorkspace.tool())
            .shipment(of: artifact).offer
        let directory = try OpenFile(path: scratch.directory, flags: O_RDONLY | O_DIRECTORY)
        await #expect(throws: ArtifactError.self) { try await bytes(Shipment(offer: offer, file: directory)) }
    }
}
