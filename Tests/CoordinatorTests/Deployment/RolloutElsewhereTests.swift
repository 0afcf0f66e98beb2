import Model
import Rollout
import Testing

@testable import Coordinator

/// Words for a rollout that another process runs; that process is played by the test.
struct RolloutElsewhereTests {
    private final class Scene: Sendable {
        let scratch: ScratchWorkspace
        let ledger: Ledger
        let rollout: RolloutID
        let elsewhere: RolloutElsewhere

        init() async throws {
            scratch = try ScratchWorkspace()
            try scratch.setUp()
            ledger = try scratch.workspace.ledger()
            let environment = try await scratch.workspace.environment(
                EnvironmentName(validated: "dev"),
                of: ServiceName(validated: "hello"),
                in: scratch.workspace.configuration()
            )
            let target = ReleaseID(
                version: Version(validated: "1"),
                digest: Digest(bytes: [UInt8](repeating: 1, count: 32))
            )
            let fleet = FleetName(validated: "scratch")
            let plan = try Planner.plan(
                PlanRequest(kind: .restart, fleet: fleet, environment: environment, target: target)
            )
            rollout = try await ledger.open(plan, by: "bob@desk", at: ScratchWorkspace.now)
            elsewhere = RolloutElsewhere(rollout, ledger: ledger, layout: scratch.workspace.layout)
        }

        func lock() throws -> RolloutLock {
            try #require(try RolloutLock.take(rollout, in: scratch.workspace.layout))
        }

        /// The words that lie there, once there are `count`.
        func words(_ count: Int) async throws -> [LeftWord] {
            while true {
                let words = try await ledger.words(for: rollout, after: 0)
                if words.count >= count { return words }
                await Task.yield()
            }
        }

        /// Runs the rollout until it stands still by `word`, as the other process would.
        func conclude(_ word: OperatorWord) async throws -> RolloutSummary {
            let stored = try #require(try await ledger.rollout(rollout.number))
            var machine = RolloutMachine(id: rollout, plan: stored.plan)
            let now = Instant(milliseconds: 1)
            let events: [RolloutEvent.Word] = [
                .started(holder: "bob@desk", at: ScratchWorkspace.now), .operatorSaid(word),
            ]
            var summary: RolloutSummary?
            for event in events {
                for action in machine.handle(RolloutEvent(event, at: now)) {
                    switch action {
                    case .conclude(let found), .stand(let found): summary = found
                    case .send, .askApproval, .judge, .startTimer, .cancelTimer, .announce: break
                    }
                }
            }
            let ended = try #require(summary)
            let turn = RolloutTurn(
                at: ScratchWorkspace.now,
                engine: "test",
                events: events.map { .init(RolloutEvent($0, at: now), by: "bob@desk") },
                change: machine.takeChange()
            )
            let isFinal = ended.outcome != .paused
            try await ledger.store(turn, of: rollout, ending: .init(summary: ended, isFinal: isFinal, confirmed: nil))
            return ended
        }
    }

    @Test("Words wait until they are taken or refused, and a refusal comes back with its reason")
    func answers() async throws {
        let scene = try await Scene()
        let lock = try scene.lock()
        defer { lock.release() }
        async let reception = scene.elsewhere.say(
            [.skip(host: 9, reason: "x"), .pause(reason: nil)],
            by: "alice@laptop"
        )
        let words = try await scene.words(2)
        #expect(words.map(\.by) == ["alice@laptop", "alice@laptop"])
        try await scene.ledger.store(answer: "no such host in the plan", toWord: words[0].id)
        try await scene.ledger.store(answer: nil, toWord: words[1].id)
        let heard = try await reception
        #expect(heard == .heard(refusals: ["no such host in the plan"], taken: 1))
    }

    @Test("A process that gives no answer is named, and does not hear the word later")
    func silent() async throws {
        let scene = try await Scene()
        let lock = try scene.lock()
        defer { lock.release() }
        let error = try await #require(throws: CoordinatorError.self) {
            try await scene.elsewhere.say([.pause(reason: nil)], by: "alice@laptop", patience: .zero)
        }
        #expect(error.code == .rolloutElsewhere && error.advice.contains("gave no answer"))
        #expect(try await scene.ledger.words(for: scene.rollout, after: 0).isEmpty)
    }

    @Test("Where nobody runs the rollout any more, the words come back to who said them")
    func nobody() async throws {
        let scene = try await Scene()
        #expect(try await scene.elsewhere.say([.pause(reason: nil)], by: "alice@laptop") == .nobodyThere)
        #expect(try await scene.ledger.words(for: scene.rollout, after: 0).isEmpty)
    }

    @Test(
        "The outcome is what the other process leaves in the ledger",
        arguments: [(OperatorWord.pause(reason: nil), Outcome.paused), (.abort(reason: nil), .aborted)]
    )
    func rest(_ row: (word: OperatorWord, outcome: Outcome)) async throws {
        let scene = try await Scene()
        let lock = try scene.lock()
        async let summary = scene.elsewhere.rest()
        let ended = try await scene.conclude(row.word)
        lock.release()
        #expect(ended.outcome == row.outcome)
        let seen = try await summary
        #expect(seen.outcome == row.outcome)
    }

    @Test("A process that died half-way is no outcome")
    func died() async throws {
        let scene = try await Scene()
        let error = try await #require(throws: CoordinatorError.self) { try await scene.elsewhere.rest() }
        #expect(error.code == .rolloutElsewhere && error.advice.contains("'fleet resume R1'"))
    }
}
