import Model
import Rollout
import Storage
import Testing
import Trust

@testable import Coordinator

struct LedgerTests {
    @Test("There is never more than one unfinished rollout of a service in an environment")
    func oneUnfinished() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        _ = try await fixture.open()
        await #expect(throws: CoordinatorError.self) { try await fixture.open() }
    }

    @Test("What is read back is the state that was stored, although each turn stores only what it has changed")
    func storesChanges() async throws {
        let fixture = try RolloutFixture(hosts: 4)
        let rollout = try await fixture.open()
        var machine = RolloutMachine(id: rollout.id, plan: rollout.plan)
        let words: [RolloutEvent.Word] = [
            .started(holder: "alice@laptop", at: RolloutFixture.now), .connected(host: 2), .lost(host: 1),
            .reported(host: 2, ServiceFacts(health: .healthy)),
        ]
        var sizes: [Int] = []
        for (second, word) in words.enumerated() {
            let event = RolloutEvent(word, at: Instant(milliseconds: Int64(second) * 1000))
            _ = machine.handle(event)
            let change = machine.takeChange()
            sizes.append(change.hosts.count)
            let entry = RolloutTurn.Entry(event, by: "test")
            let turn = RolloutTurn(at: RolloutFixture.now, engine: "1", events: [entry], change: change)
            try await fixture.ledger.store(turn, of: rollout.id, ending: nil)
            #expect(try await fixture.ledger.state(of: rollout) == machine.state)
        }
        #expect(sizes == [0, 1, 1, 1])
        let records = try await fixture.ledger.records(of: rollout.id)
        #expect(records.map(\.kind) == [.rolloutOpened] + words.map { _ in .rolloutEvent })
        #expect(records.compactMap(\.event?.word) == words)
        #expect(records.allSatisfy { $0.rollout == rollout.id && $0.service == rollout.plan.service })
        #expect(try records.allSatisfy { try $0.plan == rollout.plan.digest() })
    }

    @Test("Records can't be changed or removed, and each is stored with its leaf of the audit tree")
    func appendOnly() async throws {
        let fixture = try RolloutFixture(hosts: 1)
        let rollout = try await fixture.open()
        let event = RolloutEvent(.connected(host: 0), at: Instant(milliseconds: 0))
        var machine = RolloutMachine(id: rollout.id, plan: rollout.plan)
        _ = machine.handle(event)
        let entry = RolloutTurn.Entry(event, by: "web-1")
        let turn = RolloutTurn(at: RolloutFixture.now, engine: "1", events: [entry], change: machine.takeChange())
        try await fixture.ledger.store(turn, of: rollout.id, ending: nil)
        let database = try fixture.database()
        #expect(throws: StorageError.self) { try database.execute("UPDATE records SET record = x'00'") }
        #expect(throws: StorageError.self) { try database.execute("DELETE FROM records") }
        let rows = try database.query("SELECT leaf, record FROM records") { (try $0.blob(0), try $0.blob(1)) }
        #expect(rows.count == 3, "the ledger's beginning, the plan, the event")
        for (leaf, record) in rows { #expect(AuditTree.leaf(record).bytes == leaf) }
    }
}
