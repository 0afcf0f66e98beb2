import Configuration
import Foundation
import Logging
import Model
import Testing
import Trust

@testable import Agent

struct TrustKeeperTests {
    private let scratch = Scratch()
    private let keeper: TrustKeeper
    private let keys: [SigningKey]

    init() throws {
        keys = [try .generate(), try .generate(), try .generate()]
        keeper = TrustKeeper(paths: scratch.paths, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func builder(_ name: String) throws -> TrustFile {
        let entry = TrustedBuilder(builder: "https://\(name)", key: try SigningKey.generate().publicKey)
        return try TrustFile(path: "builders/\(name).json", text: String(decoding: try entry.json(), as: UTF8.self))
    }

    private func root(_ version: Int, _ files: [TrustFile], by signers: [Int] = [0, 1]) throws -> SignedRoot {
        let names = ["ada", "bob", "eve"]
        var signed = try SignedRoot(
            try TrustRoot(
                fleet: FleetName(validated: "example"),
                version: version,
                threshold: 2,
                keys: zip(names, keys).map { TrustRoot.Key(name: $0, key: $1.publicKey) },
                files: files
            )
        )
        for signer in signers { try signed.sign(with: keys[signer]) }
        return signed
    }

    /// What enrolment leaves.
    private func enrol(_ root: SignedRoot) throws {
        for file in root.root.files { try scratch.write("trust/\(file.path)", file.text) }
        try scratch.write("trust/root.json", String(decoding: try root.json(), as: UTF8.self))
    }

    private func files() throws -> [String] {
        let enumerator = try #require(FileManager.default.enumerator(atPath: scratch.paths.trust))
        return enumerator.compactMap { $0 as? String }.filter { $0.contains(".") || $0.hasPrefix("ledgers/") }.sorted()
    }

    @Test("The next root replaces all that it speaks for, and nothing else")
    func replaces() async throws {
        let (old, ci) = (try builder("old"), try builder("ci"))
        try enrol(try root(1, [old]))
        try scratch.write("trust/policy.yml", "rules: [{builders: 1}]")
        try scratch.write("trust/ledgers/one", "key of one")
        let next = try root(2, [ci])
        let state = try await keeper.take(try next.json())
        #expect(state == TrustState(version: 2, digest: next.digest))
        #expect(try await keeper.state() == state)
        #expect(try files() == ["builders/ci.json", "ledgers/one", "root.json"])
        #expect(try BuilderTrust.load(directory: scratch.paths.builders).builders.map(\.builder) == ["https://ci"])
        let status = try FileManager.default.attributesOfItem(atPath: "\(scratch.paths.builders)/ci.json")
        #expect(status[.posixPermissions] as? Int == 0o644)
        // The old one can be looked at, and a second change takes its place.
        #expect(scratch.exists("trust.previous/builders/old.json"))
        _ = try await keeper.take(try root(3, [ci, old]).json())
        #expect(try files() == ["builders/ci.json", "builders/old.json", "ledgers/one", "root.json"])
        #expect(!scratch.exists("trust.previous/builders/old.json"))
        #expect(!scratch.exists(".trust.new"))
    }

    @Test("What a crash left beside the directory is in nobody's way")
    func crash() async throws {
        let ci = try builder("ci")
        try enrol(try root(1, [ci]))
        try scratch.write(".trust.new/builders/evil.json", "half")
        _ = try await keeper.take(try root(2, [ci]).json())
        #expect(try files() == ["builders/ci.json", "root.json"])
    }

    @Test("A root that may not follow changes no file: one key of two, a skipped version, an old one, a broken policy")
    func refused() async throws {
        let (ci, evil) = (try builder("ci"), try builder("evil"))
        try enrol(try root(1, [ci]))
        _ = try await keeper.take(try root(2, [ci]).json())
        let before = try files()
        let broken = try TrustFile(path: "policy.yml", text: "rules: [{builder: 1}]")
        let attacks = [
            try root(3, [evil], by: [2]), try root(4, [evil]), try root(1, [evil]), try root(2, [evil]),
            try root(3, [ci, broken]), try root(3, [evil], by: []),
        ]
        for attack in attacks {
            await #expect(throws: (any Error).self) { try await keeper.take(try attack.json()) }
            #expect(try files() == before)
        }
        // The one at hand once more, also with another signature, is no change.
        let same = try root(2, [ci], by: [0, 1, 2])
        #expect(try await keeper.take(try same.json()).version == 2)
    }

    @Test("A host that trusts files alone takes no root from the wire")
    func withoutRoot() async throws {
        try scratch.write("trust/builders/ci.json", try builder("ci").text)
        #expect(try await keeper.state() == nil)
        let error = await #expect(throws: TrustError.self) {
            try await keeper.take(try root(1, [builder("ci")]).json())
        }
        #expect(error?.code == .rootRefused)
        #expect(try files() == ["builders/ci.json"])
    }

    @Test("A host whose root has expired takes no release before the next one comes")
    func expiry() throws {
        let end = WallTime(milliseconds: 1_800_000_000_000)
        let root = try TrustRoot(
            fleet: FleetName(validated: "example"),
            version: 1,
            expires: end,
            threshold: 1,
            keys: [TrustRoot.Key(name: "ada", key: keys[0].publicKey)],
            files: [try builder("ci")]
        )
        try enrol(try SignedRoot(root))
        let paths = scratch.paths
        let before = WallTime(milliseconds: end.milliseconds - 1)
        #expect(throws: Never.self) { try TrustReading.requireCurrentRoot(paths, at: before) }
        let error = #expect(throws: TrustError.self) { try TrustReading.requireCurrentRoot(paths, at: end) }
        #expect(error?.code == .expired)
    }
}
