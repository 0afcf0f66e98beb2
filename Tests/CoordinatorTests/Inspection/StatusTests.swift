import Model
import Storage
import Testing

@testable import Coordinator

struct StatusTests {
    @Test("Hosts are shown when the ledger can't say which reviews are open", .timeLimit(.minutes(1)))
    func reviewsUnreadable() async throws {
        let scratch = try ScratchWorkspace(
            fleetFile: """
                fleet: scratch
                services:
                  hello:
                    environments:
                      dev:
                        hosts: [{name: h1, address: 127.0.0.1, port: 1}]

                """
        )
        let person = OperatorName(validated: "ada")
        _ = try WorkspaceSetup(scratch.workspace, fleet: nil, person: person, at: ScratchWorkspace.now).run()
        let database = try Database(path: scratch.workspace.layout.ledger, schema: Ledger.schema)
        try database.execute("DROP TABLE broken_glass")
        let statuses = try await LocalDesk(Workbench(scratch.workspace, logger: TestLog.silent)).status(Selection())
        #expect(statuses.map(\.host.text) == ["h1"])
        #expect(statuses.first?.unreachable != nil)
    }
}
