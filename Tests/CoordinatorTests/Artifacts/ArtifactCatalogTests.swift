import Artifacts
import Foundation
import Model
import Testing
import Trust

@testable import Coordinator

struct ArtifactCatalogTests {
    private let scratch: ScratchWorkspace
    private let ledger: Ledger
    private let catalog: ArtifactCatalog
    private let hello: ServiceName

    init() throws {
        scratch = try ScratchWorkspace()
        try scratch.setUp()
        ledger = try scratch.workspace.ledger()
        catalog = try scratch.catalog(ledger)
        hello = try #require(ServiceName("hello"))
    }

    private func request(_ subject: ArtifactRequest.Subject, version: String? = nil, controlled: Bool = false) throws
        -> ArtifactRequest
    {
        ArtifactRequest(
            service: hello,
            subject: subject,
            version: try version.map { try Version(parsing: $0) },
            isControlled: controlled
        )
    }

    @Test("A directory is packed, stored, and signed so that a host of this workspace believes it")
    func directory() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let resolved = try await catalog.resolve(try request(.directory(tree), version: "1.0"))
        #expect(resolved.entry.version.text == "1.0")
        #expect(try scratch.workspace.artifacts().holds(resolved.entry.artifact.digest))
        let trust = try BuilderTrust.load(directory: scratch.workspace.layout.builders)
        let verified = try ProvenancePolicy(trust: trust).verify(
            envelopes: resolved.entry.provenance,
            artifact: resolved.entry.artifact.digest
        )
        #expect(verified.builder == DevelopmentBuilder.id)
    }

    @Test("The same tree is the same artifact with the same provenance, however often it is named")
    func same() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let first = try await catalog.resolve(try request(.directory(tree), version: "1.0"))
        let second = try await catalog.resolve(try request(.directory(tree), version: "1.0"))
        #expect(first.entry == second.entry)
        let byVersion = try await catalog.resolve(try request(.version(first.entry.version)))
        #expect(byVersion.entry == first.entry)
    }

    @Test("A second digest for the same version is refused")
    func taken() async throws {
        let one = try scratch.makeRelease("one", content: "one")
        let two = try scratch.makeRelease("two", content: "two")
        _ = try await catalog.resolve(try request(.directory(one), version: "1.0"))
        let error = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.directory(two), version: "1.0"))
        }
        #expect(error.code == .versionTaken)
    }

    @Test("Without a version and without git the digest tells trees apart")
    func unnamed() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let resolved = try await catalog.resolve(try request(.directory(tree)))
        #expect(resolved.entry.version.text == "0-\(resolved.entry.artifact.digest.short)")
    }

    @Test("An artifact of another service, or without a service.yml, is refused")
    func wrongService() async throws {
        let other = try scratch.makeRelease("other", content: "one", service: "web")
        let mismatch = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.directory(other), version: "1.0"))
        }
        #expect(mismatch.code == .artifactInvalid)
        #expect(mismatch.advice.contains("of service 'web'"))
        try scratch.write("x", to: "empty/content")
        let missing = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.directory("\(scratch.directory)/empty"), version: "1.0"))
        }
        #expect(missing.advice.contains("service.yml"))
        #expect(try await ledger.artifact(hello, try Version(parsing: "1.0")) == nil)
    }

    @Test("A version lies in the directory that CI fills, with its provenance beside it")
    func published() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let file = "\(scratch.directory)/published/hello-2.0.tar"
        try FileManager.default.createDirectory(
            atPath: "\(scratch.directory)/published",
            withIntermediateDirectories: true
        )
        _ = try await ArtifactPacker(tool: try ScratchWorkspace.tool()).pack(tree, to: file)
        let key = try SigningKey.generate(.p256)
        let source = SourceRevision(repository: "git+https://git.example.com/hello", revision: "abc")
        _ = try await ArtifactSignature.sign(file, with: key) { name, digest in
            Provenance(artifactName: name, artifact: digest, builder: "https://ci.example.com", source: source)
        }
        let version = try Version(parsing: "2.0")
        let unknown = try await catalog.resolve(try request(.version(version), controlled: true))
        #expect(unknown.source == nil, "nobody in the workspace knows this builder; the hosts decide")
        let builder = TrustedBuilder(builder: "https://ci.example.com", key: key.publicKey)
        try SmallFile.create("\(scratch.workspace.layout.builders)/ci.json", try builder.json(), mode: 0o644)
        let known = try await catalog.resolve(try request(.version(version), controlled: true))
        #expect(known.source == source)
        let file2 = try await catalog.resolve(try request(.file(file)))
        #expect(file2.entry.version == version, "the name of the file says its version")
    }

    @Test("A controlled environment takes nothing that no CI vouches for")
    func controlled() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let unsigned = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.directory(tree), version: "1.0", controlled: true))
        }
        #expect(unsigned.code == .provenanceMissing)
        let development = try await catalog.resolve(try request(.directory(tree), version: "1.0"))
        let refused = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.version(development.entry.version), controlled: true))
        }
        #expect(refused.code == .provenanceMissing)
    }

    @Test("An unknown version says how to name one")
    func unknown() async throws {
        let error = try await #require(throws: CoordinatorError.self) {
            try await catalog.resolve(try request(.version(try Version(parsing: "9.9"))))
        }
        #expect(error.code == .versionUnknown)
    }

    @Test("Inspecting shows the service, and verifying names the builder")
    func inspect() async throws {
        let tree = try scratch.makeRelease("dist", content: "one")
        let file = "\(scratch.directory)/hello-1.0.tar"
        let tool = try ScratchWorkspace.tool()
        let artifact = try await ArtifactPacker(tool: tool).pack(tree, to: file)
        let found = try await ArtifactInspection.inspect(file, tool: tool)
        #expect(found.artifact == artifact)
        #expect(found.spec?.service == hello)
        let trust = try BuilderTrust.load(directory: scratch.workspace.layout.builders)
        await #expect(throws: TrustError.self) { try await ArtifactSignature.verify(file, trust: trust) }
        _ = try await ArtifactSignature.sign(file, with: try scratch.workspace.developmentKey()) { name, digest in
            Provenance(artifactName: name, artifact: digest, builder: DevelopmentBuilder.id)
        }
        #expect(try await ArtifactSignature.verify(file, trust: trust).provenance.builder == DevelopmentBuilder.id)
    }

    @Test("Attestations are added beside the artifact, travel with its provenance, and are told when they do not count")
    func attestations() async throws {
        let file = "\(scratch.directory)/hello-1.0.tar"
        let tree = try scratch.makeRelease("dist", content: "one")
        _ = try await ArtifactPacker(tool: try ScratchWorkspace.tool()).pack(tree, to: file)
        let (tests, stranger) = (try SigningKey.generate(), try SigningKey.generate())
        let bundle = try await ArtifactSignature.attest(file, .testResult(TestResult(.passed)), with: tests)
        #expect(bundle == "\(file).intoto.jsonl")
        _ = try await ArtifactSignature.attest(file, .testResult(TestResult(.failed)), with: tests)
        let review = Attestation.review(Review(.pass, reviewers: ["bob@example.com"]))
        _ = try await ArtifactSignature.attest(file, review, with: stranger)

        // Without provenance the development key vouches, and everything travels.
        let resolved = try await catalog.resolve(try request(.file(file)))
        #expect(resolved.entry.provenance.count == 4)
        _ = try await ArtifactSignature.sign(file, with: try scratch.workspace.developmentKey()) { name, digest in
            Provenance(artifactName: name, artifact: digest, builder: DevelopmentBuilder.id)
        }
        let entry = TrustedAttester(attester: "tests", kinds: [.testResult], key: tests.publicKey)
        let trust = AttesterTrust([entry])
        let builders = try BuilderTrust.load(directory: scratch.workspace.layout.builders)
        func verify(_ kinds: AttestationKind...) async throws -> ArtifactSignature.Verdict {
            let policy = AttestationPolicy(trust: trust, demands: kinds.map { AttestationDemand($0) })
            return try await ArtifactSignature.verify(file, trust: builders, attestations: policy)
        }
        let verdict = try await verify(.testResult)
        #expect(verdict.attestations.map(\.attester) == ["tests"])
        #expect(verdict.remarks.contains { $0.contains("says FAILED") })
        #expect(verdict.remarks.contains { $0.contains("no valid signature") })
        let error = await #expect(throws: TrustError.self) { try await verify(.review) }
        #expect(error?.code == .notAttested)
    }

    /// A `.deb` of a tree, in the scratch directory.
    private func package(_ tree: String, postinst: Bool) async throws -> String {
        let control = "Package: hello\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: a\\nDescription: b\\n"
        let script = """
            mkdir -p \(tree)/DEBIAN; printf '\(control)' > \(tree)/DEBIAN/control
            if \(postinst); then printf '#!/bin/sh\\n' > \(tree)/DEBIAN/postinst; chmod 755 \(tree)/DEBIAN/postinst; fi
            dpkg-deb --root-owner-group -b \(tree) \(scratch.directory)/hello-3.0.deb
            """
        let result = try await ExternalCommand(["/bin/sh", "-c", script], timeLimit: .seconds(60)).run()
        try #require(result.status == 0)
        return "\(scratch.directory)/hello-3.0.deb"
    }

    @Test("A package with scripts is refused before any host is asked, unless its environment ignores them")
    func packages() async throws {
        let file = try await package(try scratch.makeRelease("dist", content: "one"), postinst: true)
        var wish = try request(.file(file))
        let error = await #expect(throws: ArtifactError.self) { try await catalog.resolve(wish) }
        #expect(error?.code == .packageRefused)
        #expect(try await ledger.artifact(hello, try Version(parsing: "3.0")) == nil)
        wish.debianScripts = .ignore
        #expect(try await catalog.resolve(wish).entry.artifact.format == .debian)
    }

    @Test("An archive is not opened while what was signed about it does not hold")
    func verifiedFirst() async throws {
        try scratch.write("this is no archive", to: "hello-4.0.tar")
        try scratch.write("this neither", to: "other.tar")
        let key = try scratch.workspace.developmentKey()
        let path = try await ArtifactSignature.sign("\(scratch.directory)/other.tar", with: key) { name, artifact in
            Provenance(artifactName: name, artifact: artifact, builder: DevelopmentBuilder.id)
        }
        var wish = try request(.file("\(scratch.directory)/hello-4.0.tar"))
        wish.provenance = try ProvenanceFiles.read(path)
        await #expect(throws: TrustError.self) { try await catalog.resolve(wish) }
    }
}
