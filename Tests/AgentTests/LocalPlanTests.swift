import Artifacts
import Configuration
import Model
import Testing

@testable import Agent

struct LocalPlanTests {
    private func plan(
        _ rig: PreparationRig,
        _ format: ArtifactFormat = .tar,
        signed: Bool = true,
        minFreeDisk: ByteCount? = nil
    ) async throws -> LocalPlan {
        var configuration = AgentConfiguration(fleet: FleetName(validated: "example"), host: rig.host.host)
        configuration.paths = rig.scratch.paths
        configuration.paths.socket = "\(rig.scratch.path)/agent.sock"
        configuration.unpackTool = rig.host.tool.path
        configuration.limits = rig.host.limits
        configuration.limits.minFreeDisk = minFreeDisk ?? rig.host.limits.minFreeDisk
        let artifact = try rig.release(format).artifact
        if signed { try rig.scratch.write("p.json", String(decoding: rig.envelope(artifact), as: UTF8.self)) }
        let wish = LocalApply(
            artifact: "\(rig.scratch.path)/a.\(format.rawValue)",
            provenance: signed ? ["\(rig.scratch.path)/p.json"] : [],
            service: PreparationRig.service,
            environment: EnvironmentName(validated: "test"),
            version: try Version(parsing: "1.0")
        )
        return try await LocalPlan.make(wish, configuration, way: .managerSocket(path: "/nonexistent"))
    }

    @Test("A good artifact has steps and no refusal")
    func good() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let plan = try await plan(rig)
        #expect(plan.refusals == [])
        #expect(plan.lines.last?.contains("commit") == true)
    }

    @Test("An artifact that nobody vouches for is not opened")
    func unsigned() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        // A tool that would fail: nothing but the missing provenance may be said.
        try rig.shell("echo this is no archive > a.tar")
        let plan = try await plan(rig, signed: false)
        #expect(plan.refusals.count == 1)
        #expect(plan.lines.count == 1)
    }

    @Test("What apply would refuse of the artifact is refused: the host's limits, a package's scripts")
    func artifact() async throws {
        var limits = AgentConfiguration.Limits()
        limits.maxEntries = 2
        let rig = try PreparationRig(limits: limits)
        try rig.makeArtifacts()
        #expect(try await plan(rig).refusals.first?.contains("too_many_entries") == true)
        let package = try PreparationRig()
        try package.makeArtifacts(package: "printf '#!/bin/sh\\n' > p/DEBIAN/postinst; chmod 755 p/DEBIAN/postinst")
        #expect(try await plan(package, .debian).refusals.first?.contains("(postinst)") == true)
    }

    @Test("What apply would refuse for the host is refused: missing files, a unit that is not ours")
    func host() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts(service: "service: web\nunit: web.service\nhooks:\n  drain: [bin/drain]\n")
        let current = rig.scratch.paths.current(PreparationRig.service)
        try rig.scratch.write(
            "d/web.service",
            "[Service]\nExecStart=\(current)/bin/run\nWorkingDirectory=\(current)/none\nUser=nobody-of-this-name\n"
        )
        try rig.shell("tar -cf a.tar -C d .")
        try rig.scratch.write("units/web.service", "[Service]\nExecStart=/usr/bin/theirs\n")
        let refusals = try await plan(rig).refusals
        #expect(
            refusals == [
                "'bin/drain' does not exist", "web.service: '\(current)/none' does not exist",
                "web.service: user 'nobody-of-this-name' does not exist",
                "web.service exists and was not installed by Fleet; --adopt replaces it",
            ]
        )
    }

    @Test("A disk without its reserve is said beforehand")
    func disk() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let plan = try await plan(rig, minFreeDisk: .gibibytes(1 << 20))
        #expect(plan.refusals.count { $0.contains("disk_full") } == 2)
    }
}
