import Activation
import Model
import Storage
import Testing

@testable import Agent

struct AgentJournalTests {
    private let scratch = Scratch()
    private let machine = ServiceMachine(
        host: HostID(validated: "h1"),
        service: ServiceName(validated: "web"),
        environment: EnvironmentName(validated: "test")
    )

    @Test("A stored machine is found again, with the sequence to go on from")
    func stores() async throws {
        let journal = try AgentJournal(path: "\(scratch.path)/agent.db", thread: DedicatedThread(name: "test"))
        #expect(try await journal.store(machine, after: 0, history: []) == 1)
        #expect(try await journal.store(machine, after: 1, history: []) == 2)
        let stored = try #require(try await journal.machine(of: machine.service))
        #expect(stored.machine == machine)
        #expect(stored.sequence == 2)
    }

    @Test("Whoever decided on an older state can't store its decision")
    func refusesConflict() async throws {
        let journal = try AgentJournal(path: "\(scratch.path)/agent.db", thread: DedicatedThread(name: "test"))
        _ = try await journal.store(machine, after: 0, history: [])
        let error = await #expect(throws: StorageError.self) {
            _ = try await journal.store(machine, after: 0, history: [])
        }
        #expect(error?.code == .sequenceConflict)
    }
}
