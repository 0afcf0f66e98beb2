import Configuration
import Model
import Testing
import Trust

@testable import Agent

struct PreparationTests {
    @Test("A signed artifact of every format becomes the tree that was packed", arguments: ArtifactFormat.allCases)
    func formats(_ format: ArtifactFormat) async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let (id, failure) = try await rig.prepare(try rig.release(format))
        #expect(failure == nil)
        try rig.shell("diff -r --no-dereference --exclude=.fleet d srv/web/releases/\(id)")
        let manifest = try await rig.performer.store.manifest(of: id)
        #expect(try await rig.performer.store.treeDifferences(of: id, manifest: manifest) == [])
        #expect(rig.scratch.exists("srv/web/releases/\(id)/.fleet/provenance-0.json"))
    }

    @Test("A package with maintainer scripts is refused, unless its environment ignores them")
    func scripts() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts(package: "printf '#!/bin/sh\\n' > p/DEBIAN/postinst; chmod 755 p/DEBIAN/postinst")
        let failure = try await rig.prepare(try rig.release(.debian)).failure
        #expect(failure?.code == .artifactRefused)
        #expect(failure?.message.contains("(postinst)") == true)
        #expect(failure?.message.contains("debian_scripts: ignore") == true)
        #expect(try await rig.prepare(try rig.release(.debian, scripts: .ignore)).failure == nil)
    }

    @Test("A package may bring the unit that its service.yml names to where packages keep units, and no other")
    func packagedUnit() async throws {
        let units = "mkdir -p p/lib/systemd/system; printf '[Service]\\n' > p/lib/systemd/system/web.service"
        let rig = try PreparationRig()
        // Ours already, so that systemd need not be asked.
        try rig.scratch.write("units/web.service", "# Installed by Fleet for service 'web'\n")
        try rig.makeArtifacts(service: "service: web\nunit: lib/systemd/system/web.service\n", package: units)
        #expect(try await rig.prepare(try rig.release(.debian)).failure == nil)
        let other = try PreparationRig()
        try other.makeArtifacts(package: units)
        let failure = try await other.prepare(try other.release(.debian)).failure
        #expect(failure?.message.contains("(lib/systemd/system/web.service)") == true)
    }

    @Test("An artifact beyond the host's limits is refused, packed or unpacked")
    func limits() async throws {
        var limits = AgentConfiguration.Limits()
        limits.maxEntries = 2
        let few = try PreparationRig(limits: limits)
        try few.makeArtifacts()
        let tooMany = try await few.prepare(try few.release(.tarZstd)).failure
        #expect(tooMany?.code == .artifactRefused)
        #expect(tooMany?.message.contains("too_many_entries") == true)
        limits = AgentConfiguration.Limits()
        limits.maxBytes = ByteCount(20)
        let small = try PreparationRig(limits: limits)
        try small.makeArtifacts()
        let tooLarge = try await small.prepare(try small.release(.tarXZ)).failure
        #expect(tooLarge?.code == .artifactRefused)
        #expect(tooLarge?.message.contains("too_many_bytes") == true)
    }

    @Test("A size that no host takes is refused before anything is stored, whatever the number")
    func offeredSize() throws {
        let rig = try PreparationRig()
        let digest = Digest(bytes: [UInt8](repeating: 1, count: 32))
        for size in [Int64.max, -1] {
            let error = #expect(throws: (any Error).self) { try rig.host.ingest(digest, size: ByteCount(size)) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("limits.max_bytes"))
        }
    }

    @Test("The reserve of the disk stays free when artifacts arrive")
    func reserve() throws {
        var limits = AgentConfiguration.Limits()
        limits.minFreeDisk = .gibibytes(1 << 20)
        let rig = try PreparationRig(limits: limits)
        let digest = Digest(bytes: [UInt8](repeating: 1, count: 32))
        let error = #expect(throws: (any Error).self) { try rig.host.ingest(digest, size: ByteCount(1)) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("disk_full"))
    }

    @Test("An order that names another source than the builder, or an artifact that nobody signed, is refused")
    func provenance() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let other = SourceRevision(repository: PreparationRig.source.repository, revision: "0000000000")
        let mismatch = try await rig.prepare(try rig.release(.tar, source: other)).failure
        #expect(mismatch?.code == .provenanceRefused)
        #expect(mismatch?.message.contains("the order names") == true)
        #expect(try await rig.prepare(try rig.release(.tar, source: nil)).failure == nil)
        let unsigned = try PreparationRig()
        try unsigned.makeArtifacts()
        let (id, failure) = try await unsigned.prepare(try unsigned.release(.tar), signed: false)
        #expect(failure?.code == .provenanceRefused)
        #expect(!unsigned.scratch.exists("srv/web/releases/.staging-\(id)"))
    }

    @Test("A policy that demands two builders is met by two keys, and a broken one refuses everything")
    func policy() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let second = try rig.addKey("second")
        let elsewhere = try rig.addKey("elsewhere", for: [EnvironmentName(validated: "production")])
        let release = try rig.release(.tar)
        func failure(_ policy: String, also keys: [SigningKey] = []) async throws -> Failure? {
            try rig.scratch.write("trust/policy.yml", policy)
            return try await rig.prepare(release, also: keys).failure
        }
        let strict = "rules: [{service: web, environment: test, builders: 2}]"
        let refused = try await failure(strict)
        #expect(refused?.code == .provenanceRefused)
        #expect(refused?.message.contains("1 of the 2 distinct trusted keys") == true, "\(refused?.message ?? "")")
        #expect(try await failure(strict, also: [SigningKey.generate()])?.code == .provenanceRefused)
        #expect(try await failure(strict, also: [elsewhere])?.code == .provenanceRefused)
        #expect(
            try await failure("rules: [{service: web, builder: 2}]", also: [second])?.message.contains("policy.yml")
                == true
        )
        #expect(try await failure("rules: [{environment: production, builders: 2}]") == nil)
        #expect(try await failure(strict, also: [second]) == nil)
    }

    @Test("A policy that demands tests and a review is met by those whom the host trusts with them")
    func attestations() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let release = try rig.release(.tar)
        let (tests, bob) = (try SigningKey.generate(), try SigningKey.generate())
        for (name, kind, key) in [("tests", AttestationKind.testResult, tests), ("bob@example.com", .review, bob)] {
            let entry = try TrustedAttester(attester: name, kinds: [kind], key: key.publicKey).json()
            try rig.scratch.write("trust/attesters/\(name).json", String(decoding: entry, as: UTF8.self))
        }
        try rig.scratch.write(
            "trust/policy.yml",
            "rules: [{builders: 1, attestations: [{type: test-result, by: [tests]}, {type: review}]}]"
        )
        func says(_ attestation: Attestation, _ key: SigningKey) throws -> [UInt8] {
            try attestation.signed(of: release.artifact.digest, named: "web", with: key).json()
        }
        let passed = try says(.testResult(TestResult(.passed)), tests)
        let failed = try says(.testResult(TestResult(.failed)), tests)
        let review = try says(.review(Review(.pass, reviewers: ["bob@example.com"])), bob)
        func refusal(_ attestations: [[UInt8]]) async throws -> String? {
            try await rig.prepare(release, saying: attestations).failure?.message
        }
        #expect(try await refusal([])?.contains("0 of the 1 passed test results by tests") == true)
        #expect(try await refusal([failed, review])?.contains("says FAILED") == true)
        #expect(try await refusal([passed])?.contains("reviews by others") == true)
        #expect(try await refusal([passed, review]) == nil)
    }

    @Test("What was built too long ago, or by a builder whose time is over, is refused by the host's own clock")
    func age() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let release = try rig.release(.tar)
        try rig.scratch.write("trust/policy.yml", "rules: [{builders: 1, max_age: 30d}]")
        let silent = try await rig.prepare(release).failure
        #expect(silent?.message.contains("does not say when it was built") == true, "\(silent?.message ?? "")")
        try rig.scratch.write("trust/policy.yml", "rules: [{builders: 1}]")
        let text = try #require(rig.scratch.text("trust/builders/ci.json"))
        let ended = text.replacing("{\"builder\"", with: "{\"expires\":\"2020-01-01T00:00:00Z\",\"builder\"")
        try rig.scratch.write("trust/builders/ci.json", ended)
        let late = try await rig.prepare(release).failure
        #expect(late?.message.contains("believed until 2020-01-01T00:00:00Z") == true, "\(late?.message ?? "")")
    }

    @Test("A release that lies about its artifact's size is refused")
    func size() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        var release = try rig.release(.tarGzip)
        release.artifact = Artifact(digest: release.artifact.digest, size: ByteCount(1 << 52), format: .tarGzip)
        #expect(try await rig.prepare(release).failure?.code == .artifactDigest)
    }

    @Test("Nothing is unpacked by a tool that could not confine itself")
    func unconfined() async throws {
        // Nobody raises a limit above its hard one without this capability, so the CPU limit can't be set.
        let rig = try PreparationRig(
            tool: """
                #!/bin/bash
                ulimit -t 10
                [ $UID != 0 ] || exec /usr/bin/setpriv --bounding-set=-sys_resource REAL "$@"
                exec REAL "$@"

                """
        )
        try rig.makeArtifacts()
        let failure = try await rig.prepare(try rig.release(.tar)).failure
        #expect(failure?.message.contains("without: limits") == true)
    }
}
