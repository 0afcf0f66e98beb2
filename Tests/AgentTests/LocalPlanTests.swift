import Artifacts
import Configuration
import Model
import Testing
import Trust

@testable import Agent

struct LocalPlanTests {
    private func plan(
        _ rig: PreparationRig,
        _ format: ArtifactFormat = .tar,
        signed: Bool = true,
        minFreeDisk: ByteCount? = nil,
        order: ApprovedOrder? = nil
    ) async throws -> LocalPlan {
        var configuration = AgentConfiguration(fleet: FleetName(validated: "example"), host: rig.host.host)
        configuration.paths = rig.scratch.paths
        configuration.paths.socket = "\(rig.scratch.path)/agent.sock"
        configuration.unpackTool = rig.host.tool.path
        configuration.limits = rig.host.limits
        configuration.limits.minFreeDisk = minFreeDisk ?? rig.host.limits.minFreeDisk
        let artifact = try rig.release(format).artifact
        if signed { try rig.scratch.write("p.json", String(decoding: rig.envelope(artifact), as: UTF8.self)) }
        let path = "\(rig.scratch.path)/a.\(format.rawValue)"
        if let order {
            let wish = try LocalApply(artifact: path, by: order)
            return try await LocalPlan.make(wish, configuration, way: .managerSocket(path: "/nonexistent"))
        }
        let wish = LocalApply(
            artifact: path,
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
        #expect(plan.lines.map { $0.prefix { $0 != " " } } == ["artifact", "demands"])
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

    @Test("What the host's policy demands is said beforehand, and whether an order meets it")
    func approvals() async throws {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        try rig.scratch.write("trust/policy.yml", "rules: [{environment: test, approvals: 2}]\n")
        try rig.shell(
            """
            for p in bob carol; do
                ssh-keygen -q -t ed25519 -N '' -C $p -f $p
                printf '%s@example.com %s\\n' $p "$(cut -d' ' -f1,2 $p.pub)" >> trust/approvers
            done
            """
        )
        let plain = try await plan(rig)
        #expect(plain.lines.contains("demands     the approval of 2 people"), "\(plain.lines)")
        #expect(plain.lines.contains("demands     provenance by 1 builder"), "\(plain.lines)")
        #expect(plain.refusals.count == 1)
        #expect(plain.refusals.first?.contains("there is no order that somebody could have approved") == true)

        let approved = try await plan(rig, order: try order(rig, hosts: "web-1", by: ["bob", "carol"]))
        #expect(approved.refusals == [])
        #expect(approved.lines.contains("approvals   of bob@example.com, carol@example.com"), "\(approved.lines)")
        #expect(approved.lines.contains { $0.hasPrefix("order       of R17, asked for by alice") })

        let poor = try await plan(rig, order: try order(rig, hosts: "web-9", by: ["bob"]))
        #expect(poor.refusals.count == 2)
        #expect(poor.refusals.first?.contains("does not name web-1") == true, "\(poor.refusals)")
        #expect(poor.refusals.last?.contains("has that of bob@example.com") == true, "\(poor.refusals)")

        // Where nobody is asked nobody looks at signatures, so that an order may say nothing.
        try rig.scratch.write("trust/policy.yml", "rules: []\n")
        let idle = try await plan(rig, order: try order(rig, hosts: "web-1", by: []))
        #expect(idle.refusals.count == 1)
        #expect(idle.refusals.first?.contains("leave --order out") == true, "\(idle.refusals)")
    }

    private func order(_ rig: PreparationRig, hosts: String, by people: [String]) throws -> ApprovedOrder {
        let release = try rig.release(.tar)
        let start = rig.host.clock.wall + .hours(1)
        let order = Order(
            plan: release.artifact.digest,
            release: try release.digest(),
            service: release.service,
            environment: release.environment,
            hosts: [try HostID(parsing: hosts)],
            epoch: Epoch(1),
            rollout: RolloutID(
                ledger: try LedgerID(parsing: "0b9c8f6e-52f0-4c39-9d25-1c8e3a1a7d10"),
                number: 17
            ),
            requester: try OperatorName(parsing: "alice"),
            startBy: start,
            validUntil: start,
            catchUpUntil: start
        )
        let bytes = try CanonicalJSON.encode(order)
        try rig.scratch.write("order", String(decoding: bytes, as: UTF8.self))
        let approvals = try people.map { person in
            try rig.shell("rm -f order.sig; ssh-keygen -q -Y sign -n fleet-order -f \(person) order; cat order.sig")
        }
        return try ApprovedOrder(
            PrepareOrder(
                order: bytes,
                release: try CanonicalJSON.encode(release),
                provenance: [try rig.envelope(release.artifact)],
                approvals: approvals.map { Array($0.utf8) }
            )
        )
    }
}
