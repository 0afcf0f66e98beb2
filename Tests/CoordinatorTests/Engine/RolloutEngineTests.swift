import Model
import Rollout
import Synchronization
import Testing

@testable import Coordinator

/// The engine with its real ledger, and hosts that decide as real ones do.
struct RolloutEngineTests {
    @Test("A rollout runs to its end, and the ledger has every event before its actions")
    func success() async throws {
        let fixture = try RolloutFixture(hosts: 3)
        let hosts = MachineHosts(fixture.plan)
        let rollout = try await fixture.open()
        let summary = try await fixture.engine(rollout, hosts).run(by: "alice@laptop")
        #expect(summary.outcome == .succeeded, "\(summary.headline)")
        #expect(await hosts.switches == [1, 1, 1])
        #expect(await hosts.claims == [nil, nil, nil])
        let ended = try #require(try await fixture.ledger.rollout(rollout.id.number))
        #expect(ended.isFinished)
        #expect(ended.summary?.outcome == .succeeded)
        #expect(try await fixture.ledger.confirmed(fixture.plan.service, fixture.plan.environment).count == 1)
    }

    @Test("Killed after any command and run again, it ends the same way, and no host is switched twice")
    func killedAnywhere() async throws {
        let all = try await commandsOfAWholeRollout()
        for count in 1..<all {
            let fixture = try RolloutFixture(hosts: 3)
            let hosts = MachineHosts(fixture.plan)
            let rollout = try await fixture.open()
            await run(rollout, fixture, hosts, killedAfter: count)
            await hosts.end(after: nil)
            let stored = try #require(try await fixture.ledger.rollout(rollout.id.number))
            let summary = try await fixture.engine(stored, hosts).run(by: "alice@laptop")
            #expect(summary.outcome == .succeeded, "killed after \(count): \(summary.headline)")
            #expect(await hosts.switches == [1, 1, 1], "killed after \(count)")
            #expect(await hosts.releases == [fixture.plan.target, fixture.plan.target, fixture.plan.target])
        }
    }

    private func commandsOfAWholeRollout() async throws -> Int {
        let fixture = try RolloutFixture(hosts: 3)
        let hosts = MachineHosts(fixture.plan)
        _ = try await fixture.engine(try await fixture.open(), hosts).run(by: "alice@laptop")
        return await hosts.commands
    }

    /// Runs until `count` commands were performed, then ends like a process that is killed: nothing more is stored.
    private func run(_ rollout: StoredRollout, _ fixture: RolloutFixture, _ hosts: MachineHosts, killedAfter count: Int)
        async
    {
        let (killed, killer) = AsyncStream.makeStream(of: Void.self)
        await hosts.end(after: count) { killer.finish() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await fixture.engine(rollout, hosts).run(by: "alice@laptop")
                killer.finish()
            }
            for await _ in killed {}
            group.cancelAll()
        }
    }

    @Test("A word that was left is answered with the turn that took it, or when the rollout comes to rest")
    func words() async throws {
        let fixture = try RolloutFixture(hosts: 2)
        let hosts = MachineHosts(fixture.plan)
        let rollout = try await fixture.open()
        let ledger = fixture.ledger
        let early = try await ledger.leave(.skip(host: 99, reason: "no such host"), for: rollout.id, by: "bob@desk")
        let abort = try await ledger.leave(.abort(reason: "wrong version"), for: rollout.id, by: "bob@desk")
        let summary = try await fixture.engine(rollout, hosts).run(by: "alice@laptop")
        #expect(try await ledger.answer(toWord: early) == .refused("no such host in the plan"))
        #expect(try await ledger.answer(toWord: abort) == .taken)
        #expect(summary.outcome == .aborted)
        let late = try await ledger.leave(.pause(reason: nil), for: rollout.id, by: "bob@desk")
        #expect(try await ledger.answer(toWord: late) == .none)
        #expect(try await ledger.withdraw(word: late) == .none)
        #expect(try await ledger.words(for: rollout.id, after: 0).isEmpty)
    }
}
