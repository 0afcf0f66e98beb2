import Configuration
import Foundation
import Model
import Protocol
import TLS
import Testing
import Trust

@testable import Agent
@testable import Coordinator

/// What a coordinator could answer that has fallen into other hands after the token was made.
struct JoinFilesTests {
    /// An authority, a token, a key that waits, and the answer that an honest coordinator gives.
    fileprivate struct Scene {
        let site: Site
        let token: JoinToken
        let new: NewIdentity
        let grant: JoinGrant

        init() async throws {
            site = try await Site()
            token = try await site.token()
            new = try NewIdentity(name: "web-1")
            grant = try Self.grant(site, to: new)
        }

        static func grant(_ site: Site, to new: NewIdentity, role: Role = .agent, name: String = "web-1") throws
            -> JoinGrant
        {
            let issued = try site.workspace.authority()
                .issue(role, name: name, key: .request(pem: new.request), now: Site.now)
            return JoinGrant(
                chain: Array(issued.certificatePEM.utf8),
                root: Array(issued.authorityPEM.utf8),
                revocations: [],
                files: try HostTrust.files(of: site.workspace).map { JoinGrant.File(path: $0.path, content: $0.bytes) }
            )
        }

        func with(
            chain: [UInt8]? = nil,
            root: [UInt8]? = nil,
            files: [JoinGrant.File]? = nil
        ) -> JoinGrant {
            JoinGrant(
                chain: chain ?? grant.chain,
                root: root ?? grant.root,
                revocations: grant.revocations,
                files: files ?? grant.files
            )
        }
    }

    struct Lie: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let words: String
        fileprivate let grant: @Sendable (Scene) async throws -> JoinGrant
    }

    @Test(
        "An answer that the token does not vouch for is not installed",
        arguments: [
            Lie(testDescription: "a builder that the token does not know", words: "believe others than the token says")
            {
                scene in
                let own = try #require(scene.grant.files.first { $0.path.hasPrefix("builders/") })
                let other = JoinGrant.File(path: "builders/mallory.json", content: own.content)
                return scene.with(files: scene.grant.files + [other])
            },
            Lie(testDescription: "fewer rules", words: "believe others than the token says") { scene in
                scene.with(files: Array(scene.grant.files.dropLast()))
            },
            Lie(testDescription: "another authority", words: "another authority") { scene in
                let other = try await Site()
                return scene.with(root: Array(try other.workspace.authority().certificatePEM().utf8))
            },
            Lie(testDescription: "a certificate of another authority", words: "does not lead to the root") { scene in
                let other = try await Site()
                return scene.with(chain: try Scene.grant(other, to: scene.new).chain)
            },
            Lie(testDescription: "another host's certificate", words: "agent/web-2") { scene in
                scene.with(chain: try Scene.grant(scene.site, to: scene.new, name: "web-2").chain)
            },
            Lie(testDescription: "an operator's certificate", words: "operator/web-1") { scene in
                scene.with(chain: try Scene.grant(scene.site, to: scene.new, role: .operator).chain)
            },
            Lie(testDescription: "a certificate for another key", words: "don't belong together") { scene in
                scene.with(chain: try Scene.grant(scene.site, to: NewIdentity(name: "web-1")).chain)
            },
        ]
    )
    func lie(_ lie: Lie) async throws {
        let scene = try await Scene()
        _ = try JoinFiles(scene.grant, to: scene.new, by: scene.token, at: Site.now)
        let grant = try await lie.grant(scene)
        let error = #expect(throws: (any Error).self) {
            _ = try JoinFiles(grant, to: scene.new, by: scene.token, at: Site.now)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains(lie.words), "\(error.map { "\($0)" } ?? "")")
    }

    @Test(
        "A file that belongs nowhere is refused, though a token vouches for it",
        arguments: ["../x", "tls/key.pem", "ledgers/../x"]
    )
    func places(_ path: String) async throws {
        let scene = try await Scene()
        let files = scene.grant.files + [JoinGrant.File(path: path, content: [1])]
        let token = try JoinToken.make(
            for: scene.token.host,
            of: scene.token.fleet,
            root: scene.token.root,
            trust: try JoinToken.digest(of: files.map { ($0.path, $0.content) }),
            until: scene.token.until
        )
        #expect(throws: (any Error).self) {
            _ = try JoinFiles(scene.with(files: files), to: scene.new, by: token, at: Site.now)
        }
    }

    @Test("A host that follows a trust root keeps it and what it says; another's files make place as a whole")
    func rooted() async throws {
        let (scene, host) = (try await Scene(), try BareHost())
        try host.configure(as: "web-1")
        let paths = try host.configuration().paths
        let files = try JoinFiles(scene.grant, to: scene.new, by: scene.token, at: Site.now)
        func believed() throws -> [String] {
            try host.files().keys.filter { $0.hasPrefix("etc/fleet/trust/builders/") }.sorted()
        }

        try FileManager.default.createDirectory(atPath: paths.builders, withIntermediateDirectories: true)
        try Data("old".utf8).write(to: URL(filePath: "\(paths.builders)/old.json"))
        try Data("a root".utf8).write(to: URL(filePath: paths.root))
        try files.install(paths, configuration: nil)
        #expect(try believed() == ["etc/fleet/trust/builders/old.json"])
        #expect(try host.bytes("etc/fleet/trust/root.json") == Array("a root".utf8))

        try FileManager.default.removeItem(atPath: paths.root)
        try files.install(paths, configuration: nil)
        #expect(try believed() == ["etc/fleet/trust/builders/development.json"])
    }
}
