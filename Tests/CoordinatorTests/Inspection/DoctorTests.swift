import Foundation
import Model
import Testing

@testable import Coordinator

struct DoctorTests {
    private static let now = WallTime(milliseconds: 1_700_000_000_000)

    private static func facts(_ change: (inout HostFacts) -> Void = { _ in }) throws -> HostFacts {
        var facts = HostFacts(
            host: try #require(HostID("web-1")),
            bootID: "b",
            agentVersion: FleetVersion.text,
            operatingSystem: "Debian GNU/Linux 12",
            kernel: "6.1",
            systemd: "252 (252.39-1)",
            architecture: "x86_64",
            clock: now,
            isClockSynchronised: true,
            uptime: .hours(1),
            disks: [HostFacts.Disk(path: "/srv", free: .gibibytes(5), total: .gibibytes(10))],
            certificateUntil: now + .days(300)
        )
        change(&facts)
        return facts
    }

    private static func judge(_ facts: HostFacts) throws -> [Finding] {
        HostDoctor.judge(facts, of: Host(id: facts.host, address: "web-1"), at: now)
    }

    @Test("A host without a fault is one line")
    func fine() throws {
        let findings = try Self.judge(try Self.facts())
        #expect(findings.map(\.severity) == [.fine])
    }

    @Test("A fault is named with what to do about it")
    func faults() throws {
        func severities(_ change: (inout HostFacts) -> Void) throws -> [Finding.Severity] {
            let findings = try Self.judge(try Self.facts(change))
            #expect(findings.allSatisfy { $0.remedy != nil })
            return findings.map(\.severity)
        }
        #expect(try severities { $0.clock = Self.now + .minutes(-10) } == [.problem])
        #expect(try severities { $0.clock = Self.now + .seconds(20) } == [.warning])
        #expect(try severities { $0.isClockSynchronised = false } == [.warning])
        #expect(try severities { $0.certificateUntil = Self.now + .days(-1) } == [.problem])
        #expect(try severities { $0.certificateUntil = Self.now + .days(131) } == [.warning])
        #expect(
            try severities {
                $0.certificateSince = Self.now + .days(-21)
                $0.certificateUntil = Self.now + .days(9)
            } == [.warning]
        )
        #expect(try severities { $0.systemd = "247" } == [.warning])
        #expect(try severities { $0.agentVersion = "0.0.1" } == [.warning])
        #expect(
            try severities {
                $0.disks = [HostFacts.Disk(path: "/srv", free: ByteCount(0), total: .gibibytes(1))]
            } == [.problem]
        )
    }

    @Test("A host's trust root is shown, and named where it is not the present one or has ended")
    func trustRoot() throws {
        func findings(_ trust: TrustState?, present: Int?) throws -> [Finding] {
            let host = Model.Host(id: HostID(validated: "h1"), address: "h1")
            return HostDoctor.judge(try Self.facts(), of: host, trust: trust, present: present, at: Self.now)
        }
        func root(_ version: Int, until expires: WallTime? = nil) -> TrustState {
            TrustState(version: version, digest: Digest(bytes: Array(repeating: 1, count: 32)), expires: expires)
        }
        #expect(try findings(nil, present: nil).map(\.severity) == [.fine])
        let fine = try findings(root(3), present: 3)
        #expect(fine.map(\.severity) == [.fine] && fine[0].text.contains("trust root 3"))
        for (trust, present) in [(root(2), 3), (root(4), 3), (nil, 3)] as [(TrustState?, Int)] {
            let found = try findings(trust, present: present)
            #expect(found.map(\.severity) == [.warning] && found[0].remedy != nil && found[0].text.contains("3"))
        }
        let ended = try findings(root(3, until: Self.now + .days(-1)), present: 3)
        #expect(ended.map(\.severity) == [.problem] && ended[0].remedy?.contains("--expires") == true)
        #expect(try findings(root(3, until: Self.now + .days(1)), present: 3).map(\.severity) == [.fine])
    }

    @Test("Approvals that hosts do not demand are named, as long as they do not")
    func policy() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        func findings() -> [Finding] {
            WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now).examine()
                .filter { $0.subject == scratch.workspace.layout.policy }
        }
        // Production is controlled.
        #expect(findings().map(\.severity) == [.warning])
        #expect(findings().first?.text.contains("0 of the 1 approvals") == true)
        try scratch.write("rules: [{environment: production, approvals: 1}]\n", to: ".fleet/policy.yml")
        #expect(findings() == [])
        try scratch.write("rules: 3\n", to: ".fleet/policy.yml")
        #expect(findings().map(\.severity) == [.problem])
    }

    @Test("A workspace is examined file by file")
    func workspace() throws {
        let scratch = try ScratchWorkspace()
        let before = WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now).examine()
        #expect(before.count { $0.severity == .problem } >= 5)
        #expect(before.filter { $0.severity == .problem }.allSatisfy { $0.remedy != nil })
        try scratch.setUp()
        let after = WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now).examine()
        #expect(after.filter { $0.severity == .problem }.map(\.subject).allSatisfy { $0 == "fleet-unpack" })
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.workspace.layout.root)
        let open = WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now).examine()
        #expect(open.contains { $0.severity == .problem && $0.text.contains("0755") })
        let late = WorkspaceDoctor(scratch.workspace, at: ScratchWorkspace.now + .days(266)).examine()
        #expect(late.contains { $0.severity == .warning && $0.subject == scratch.workspace.layout.operatorCertificate })
    }
}
