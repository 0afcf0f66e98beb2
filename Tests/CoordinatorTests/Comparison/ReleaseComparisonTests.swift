import Foundation
import Model
import Testing
import Trust

@testable import Coordinator

/// Two releases beside each other, by what there is of them.
struct ReleaseComparisonTests {
    private static let hello = ServiceName(validated: "hello")
    private static let staging = EnvironmentName(validated: "staging")
    private static let production = EnvironmentName(validated: "production")

    private struct Scene {
        let scratch: ScratchWorkspace
        let bench: Workbench
        let desk: LocalDesk

        init() async throws {
            scratch = try ScratchWorkspace(fleetFile: Self.file(level: "info"))
            try scratch.setUp()
            bench = Workbench(scratch.workspace, logger: TestLog.silent)
            desk = LocalDesk(bench)
            try write("1.0", service: "healthy_for: 10s\n", unit: "ExecStart=/bin/true\n")
            try write(
                "1.1",
                service: "healthy_for: 5s\nchecks: [{tcp: \"127.0.0.1:80\"}]\n",
                unit: "User=web\nExecStart=/bin/true\n"
            )
            for environment in [staging, production] { try await succeed("1.0", in: environment) }
            try await succeed("1.1", in: staging)
        }

        static func file(level: String) -> String {
            """
            fleet: scratch
            services:
              hello:
                environments:
                  staging: {hosts: [s1], config: {LEVEL: debug}, secrets: {API_KEY: {credential: api-key@2}}}
                  production: {hosts: [p1], config: {LEVEL: \(level)}, secrets: {API_KEY: {credential: api-key@1}}}

            """
        }

        private func write(_ version: String, service: String, unit: String) throws {
            try scratch.write("service: hello\nunit: systemd/hello.service\n" + service, to: "\(version)/service.yml")
            try scratch.write("[Service]\n" + unit, to: "\(version)/systemd/hello.service")
            try scratch.write(version, to: "\(version)/content")
        }

        private func succeed(_ version: String, in environment: EnvironmentName) async throws {
            let artifact = ArtifactRequest(
                service: hello,
                subject: .directory("\(scratch.directory)/\(version)"),
                version: Version(validated: version)
            )
            let change = Change(.deploy(artifact), DeploymentRequest(service: hello, environment: environment))
            let rollout = try await desk.open(try await desk.propose(change).plan.digest())
            try await bench.ledger().end(rollout, as: .succeeded)
        }

        func compare(_ before: ReleaseChoice, _ after: ReleaseChoice) async throws -> ReleaseDifference {
            try await desk.compare(ReleaseComparison(service: hello, before: before, after: after))
        }
    }

    @Test("Two environments differ by artifact, variables, service.yml and units")
    func environments() async throws {
        let scene = try await Scene()
        let found = try await scene.compare(.confirmed(in: Self.production), .confirmed(in: Self.staging))
        #expect(found.before.id.version.text == "1.0" && found.after.id.version.text == "1.1")
        #expect(found.before.confirmed?.rollout.number == 2 && found.after.confirmed?.rollout.number == 3)
        #expect(found.before.artifact.digest != found.after.artifact.digest)
        #expect(found.before.builder == DevelopmentBuilder.id && found.after.builder == DevelopmentBuilder.id)
        #expect(
            found.variables.map(\.description) == [
                "API_KEY: credential api-key@1 -> credential api-key@2", "LEVEL: info -> debug",
            ]
        )
        #expect(
            found.keys == [
                .init(key: "healthy_for", before: "10s", after: "5s"),
                .init(key: "checks[0].tcp", before: nil, after: "127.0.0.1:80"),
            ]
        )
        let unit = ["@@ -1,2 +1,3 @@", " [Service]", "+User=web", " ExecStart=/bin/true"]
        #expect(found.files == [.init(path: "systemd/hello.service", lines: unit)])
        #expect(found.unknown.isEmpty)
    }

    @Test("What fleet.yml would bring is compared with what is there, with this artifact or another")
    func planned() async throws {
        let scene = try await Scene()
        let same = try await scene.compare(.confirmed(in: Self.production), .planned(nil, in: Self.production))
        #expect(same.before.id == same.after.id && same.variables.isEmpty && same.after.confirmed == nil)
        try scene.scratch.write(Scene.file(level: "warning"), to: "fleet.yml")
        let changed = try await scene.compare(.confirmed(in: Self.production), .planned(nil, in: Self.production))
        #expect(changed.before.artifact == changed.after.artifact && changed.before.id != changed.after.id)
        #expect(changed.variables.map(\.description) == ["LEVEL: info -> warning"])
        let next = try await scene.compare(
            .confirmed(in: Self.production),
            .planned(Version(validated: "1.1"), in: Self.production)
        )
        #expect(next.after.id.version.text == "1.1" && next.files.count == 1 && next.variables == changed.variables)
        // It is the release that a rollout would bring, to the digest.
        let subject = ArtifactRequest.Subject.version(Version(validated: "1.1"))
        let change = Change(
            .deploy(ArtifactRequest(service: Self.hello, subject: subject)),
            DeploymentRequest(service: Self.hello, environment: Self.production)
        )
        #expect(try await scene.desk.propose(change).plan.target == next.after.id)
    }

    @Test("A version is compared as it was there; one that never was, as it would go there now")
    func versions() async throws {
        let scene = try await Scene()
        try scene.scratch.write(Scene.file(level: "warning"), to: "fleet.yml")
        let found = try await scene.compare(
            .version(Version(validated: "1.0"), in: Self.production),
            .version(Version(validated: "1.1"), in: Self.production)
        )
        #expect(found.variables.map(\.description) == ["LEVEL: info -> warning"])
        #expect(found.before.confirmed == nil && found.keys.count == 2)
    }

    @Test("What is not at hand is said, and what is known is shown all the same")
    func absent() async throws {
        let scene = try await Scene()
        let digest = try await scene.compare(.confirmed(in: Self.production), .confirmed(in: Self.staging))
            .before.artifact.digest
        let store = scene.scratch.workspace.layout.artifacts
        let files = try #require(FileManager.default.enumerator(atPath: store)).compactMap { $0 as? String }
        let file = try #require(files.first { $0.hasSuffix(digest.hex) })
        try FileManager.default.removeItem(atPath: "\(store)/\(file)")
        for builder in try FileManager.default.contentsOfDirectory(atPath: scene.scratch.workspace.layout.builders) {
            try FileManager.default.removeItem(atPath: "\(scene.scratch.workspace.layout.builders)/\(builder)")
        }
        let found = try await scene.compare(.confirmed(in: Self.production), .confirmed(in: Self.staging))
        #expect(found.variables.count == 2 && found.keys.isEmpty && found.files.isEmpty && found.before.builder == nil)
        #expect(found.unknown.count == 3, "\(found.unknown)")
        #expect(found.unknown.last?.contains("artifact \(digest.short) of 1.0 is not here any more") == true)
        #expect(found.unknown.first == "builder and source of 1.0: no builder that is known here has vouched for it")

        let nothing = await #expect(throws: CoordinatorError.self) {
            try await scene.compare(
                .version(Version(validated: "9.9"), in: Self.production),
                .confirmed(in: Self.production)
            )
        }
        #expect(nothing?.code == .versionUnknown)
    }
}
