import Model
import Rollout
import Testing

@testable import Coordinator

struct UnfinishedRolloutsTests {
    @Test("A rollout that has not ended is found, however many came after it")
    func all() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let ledger = try scratch.workspace.ledger()
        let target = ReleaseID(
            version: Version(validated: "1"),
            digest: Digest(bytes: [UInt8](repeating: 1, count: 32))
        )
        for number in 1...210 {
            let environment = Environment(
                name: EnvironmentName(validated: "e\(number)"),
                service: ServiceName(validated: "hello"),
                hosts: [Host(id: HostID(validated: "h1"), address: "h1")]
            )
            let fleet = FleetName(validated: "scratch")
            let request = PlanRequest(kind: .restart, fleet: fleet, environment: environment, target: target)
            _ = try await ledger.open(try Planner.plan(request), by: "alice@laptop", at: ScratchWorkspace.now)
        }
        #expect(try await ledger.unfinishedRollouts().map(\.id.number) == (1...210).reversed())
    }
}
