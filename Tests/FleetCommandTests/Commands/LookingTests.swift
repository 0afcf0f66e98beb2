import Coordinator
import Foundation
import Model
import Rollout
import TestSupport
import Testing

/// The commands that change nothing, as people and scripts run them.
struct LookingTests {
    private struct Planned: Decodable { let plan: Plan }

    @Test("Status has a row for each host that gives no answer, says why, and is no failure")
    func status() async throws {
        let fleet = try await ScratchFleet()
        let text = try await fleet.fleet("status", code: 0).text
        #expect(text.hasPrefix("hello in dev: 0 of 3 hosts in service\n"))
        let rows = text.split(separator: "\n").filter { $0.contains(" unreachable ") }
        #expect(rows.map { $0.split(separator: " ").first } == ["h1", "h2", "h3"])
        let json = try await fleet.fleet("status", "hello", "--output", "json", code: 0).decode([HostStatus].self)
        #expect(json.map(\.host.text) == ["h1", "h2", "h3"])
        #expect(json.allSatisfy { $0.unreachable?.isEmpty == false && $0.report == nil && !$0.isInService })
    }

    @Test("Doctor asks every host also when something here is wrong, and ends with 2")
    func doctor() async throws {
        let fleet = try await ScratchFleet()
        try fleet.remove(fleet.workspace.layout.developmentKey)
        let findings = try await fleet.fleet("doctor", "--output", "json", code: 2).decode([Finding].self)
        let problems = findings.filter { $0.severity == .problem }.map(\.subject)
        #expect(problems == [fleet.workspace.layout.developmentKey, "h1", "h2", "h3"])
        let text = try await fleet.fleet("doctor", code: 2).text
        #expect(text.hasSuffix("\n4 problems, 0 warnings\n"))
    }

    @Test("Without a certificate there is no way to ask hosts, and doctor says so")
    func doctorWithoutCertificate() async throws {
        let fleet = try await ScratchFleet()
        try fleet.remove(fleet.workspace.layout.operatorCertificate)
        let findings = try await fleet.fleet("doctor", "--output", "json", code: 2).decode([Finding].self)
        #expect(findings.last?.subject == "hosts" && findings.last?.text == "not asked")
    }

    @Test("Hosts are listed as they are understood")
    func hosts() async throws {
        let fleet = try await ScratchFleet()
        #expect(try await Golden.difference(fleet.fleet("hosts", code: 0).text, "commands/hosts.txt") == nil)
        #expect(
            try await Golden.difference(fleet.fleet("hosts", "--output", "json", code: 0).text, "commands/hosts.json")
                == nil
        )
        let error = try await fleet.fleet("hosts", "--env", "moon", code: 64)
        #expect(error.text.isEmpty && error.messages.contains("'moon'"))
    }

    @Test("A plan is text for people and JSON for machines, and adopting is part of its digest")
    func plan() async throws {
        let fleet = try await ScratchFleet()
        let words = ["plan", "hello", "\(fleet.directory)/dist", "--version", "1.0", "--env", "dev"]
        func plan(_ more: String...) async throws -> String {
            let all = words + more
            return try await fleet.fleet(all, code: 0).text
        }
        let text = try await plan()
        #expect(try Golden.difference(text, "commands/plan.txt") == nil)
        #expect(try await Golden.difference(plan("--output", "json"), "commands/plan.json") == nil)
        let adopting = try await plan("--adopt").split(separator: "\n")
        let lines = text.split(separator: "\n")
        #expect(adopting.count == lines.count + 1 && adopting.contains { $0.hasPrefix("  adopt     a unit of hello ") })
        #expect(adopting.last?.hasPrefix("  plan      sha256:") == true && adopting.last != lines.last)
    }

    @Test("A wrong use is one also beside --version, which only alone asks for Fleet's own")
    func version() async throws {
        let fleet = try await ScratchFleet()
        let wrong = try await fleet.fleet("plan", "hello", "--version", "2", "--env", "dev", code: 64)
        #expect(wrong.text.isEmpty && wrong.messages.contains("name one thing to roll out"))
        let asked = try await ExternalCommand([fleet.program(), "--version"]).run()
        #expect(asked.status == 0 && asked.text == "\(FleetVersion.text)\n")
    }

    @Test("History lists rollouts newest first, also from the far past those that have not ended")
    func history() async throws {
        let fleet = try await ScratchFleet()
        #expect(try await fleet.fleet("history", "--output", "json", code: 0).text == "[\n\n]\n")
        let planned = try await fleet.fleet(
            "plan",
            "hello",
            "\(fleet.directory)/dist",
            "--version",
            "1.0",
            "--env",
            "dev",
            "--output",
            "json",
            code: 0
        ).decode(Planned.self).plan
        let ledger = try fleet.workspace.ledger()
        let time = WallTime(milliseconds: 1_700_000_000_000)
        for name in ["dev", "staging"] {
            var plan = planned
            plan.environment = EnvironmentName(validated: name)
            _ = try await ledger.open(plan, by: "alice@laptop", at: time)
        }
        let lines = try await fleet.fleet("history", code: 0).text.split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ").first } == ["ROLLOUT", "R2", "R1"])
        #expect(lines.last?.contains("under way") == true)
        let one = try await fleet.fleet("history", "hello", "-e", "dev", code: 0).text.split(separator: "\n")
        #expect(one.map { $0.split(separator: " ").first } == ["ROLLOUT", "R1"])
        #expect(try await fleet.fleet("why", "R1", code: 0).text.contains("R1 was started by alice@laptop"))
        let several = try await fleet.fleet("pause", code: 64)
        #expect(several.messages.contains("R2 (hello in staging), R1 (hello in dev)"))
    }
}
