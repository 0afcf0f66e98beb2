import Coordinator
import Model
import Testing

@testable import FleetCommand

struct AgentRowTests {
    private func row(_ host: String, _ version: String?, unreachable: String? = nil) throws -> AgentRow {
        var status = HostStatus(
            host: try HostID(parsing: host),
            address: "10.0.0.1",
            service: .agent,
            environment: .agents,
            unreachable: unreachable
        )
        status.agentVersion = version
        return AgentRow(status)
    }

    @Test("An agent is outdated when it is older than this fleet, and only then")
    func outdated() throws {
        #expect(try row("h1", "0.0.9").isOutdated)
        #expect(try !row("h1", FleetVersion.text).isOutdated)
        #expect(try !row("h1", "100.0.0").isOutdated)
        #expect(try !row("h1", nil, unreachable: "refused").isOutdated)
    }

    @Test("The table names each host's agent, and ends with what to do about old ones")
    func table() throws {
        let rows = [
            try row("h1", FleetVersion.text), try row("h2", "0.0.9"), try row("h3", nil, unreachable: "timed out"),
        ]
        #expect(
            AgentRow.table(rows) == [
                "HOST  AGENT  RELEASE  NOTES",
                "h1    \(FleetVersion.text)  -",
                "h2    0.0.9  -        older than this fleet, \(FleetVersion.text)",
                "h3    -      -        unreachable: timed out",
                "",
                "1 of 3 agents are outdated; next: fleet agents upgrade",
            ]
        )
        #expect(AgentRow.table([rows[0]]).count == 2)
    }
}
