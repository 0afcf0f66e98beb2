import Model
import Rollout
import Testing

/// What a stage must pass once it has baked.
struct GateTests {
    private static let errors = Gate(
        name: GateName(validated: "errors"),
        question: .command(["errors"]),
        timeout: .seconds(10),
        interval: .seconds(30),
        retries: 2,
        failureLimit: 0
    )
    private static let look = Gate(name: GateName(validated: "look"), question: .person("does it look well?"))

    /// Three hosts, of which one is a canary with these gates; the canary is through its bake.
    private func gating(_ gates: [Gate], of stage: StagePolicy.Selection = .canary(.count(1))) throws -> Fleet {
        var fleet = try Fleet(3, stages: [StagePolicy(selection: stage, gates: gates.map(\.name))]) {
            $0.gates = gates
        }
        fleet.muster()
        fleet.prepareAll()
        for _ in fleet.plan.stages[0].hosts { fleet.updateNext() }
        return fleet
    }

    private func answer(_ fleet: inout Fleet, _ answer: GateVerdict.Answer, to place: Int? = nil) {
        let question = fleet.questions[place ?? fleet.questions.count - 1]
        let verdict = GateVerdict(answer, "0.4 of 100 requests failed, expected at most 0.01")
        fleet.tell(.judged(gate: question.gate, stage: question.stage, number: question.number, verdict: verdict))
    }

    @Test("The next stage starts after the gate has passed, and not before")
    func pass() throws {
        var fleet = try gating([Self.errors])
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        #expect(fleet.questions.map(\.hosts) == [[0]])
        #expect(fleet.questions.map(\.attempt) == [1])
        #expect(fleet.started.isEmpty)
        answer(&fleet, .pass)
        #expect(fleet.started == [1])
        #expect(fleet.machine.view.gates?.map(\.verdict?.answer) == [.pass])
    }

    @Test("A gate that fails takes everything back, keeps its evidence, and quarantines nothing")
    func fail() throws {
        var fleet = try gating([Self.errors])
        answer(&fleet, .fail)
        #expect(fleet.machine.view.phase == .rollingBack)
        fleet.updateNext()
        fleet.prepareAll()
        let summary = try #require(fleet.summary)
        #expect(summary.outcome == .rolledBack)
        #expect(summary.headline.contains("gate errors of stage canary failed: 0.4 of 100 requests failed"))
        #expect(summary.gates?.map(\.verdict?.answer) == [.fail])
        #expect(summary.against == nil)
    }

    @Test("What is not known is asked again, and is never a pass")
    func inconclusive() throws {
        var fleet = try gating([Self.errors])
        for attempt in 1...3 {
            #expect(fleet.questions.count == attempt)
            #expect(fleet.questions.last?.attempt == attempt)
            answer(&fleet, .inconclusive)
            #expect(fleet.started.isEmpty)
            if attempt < 3 { fleet.wait(.seconds(30), .gate(0)) }
        }
        #expect(fleet.machine.view.pause?.cause == .gate)
        #expect(fleet.stood?.outcome == .paused)
        #expect(fleet.machine.view.pause?.message.contains("gate errors of stage canary was inconclusive") == true)
    }

    @Test("A gate that pauses is asked anew when a person says so, with all its attempts")
    func resume() throws {
        var gate = Self.errors
        gate.onFail = .pause
        var fleet = try gating([gate])
        answer(&fleet, .fail)
        #expect(fleet.machine.view.pause?.cause == .gate)
        #expect(fleet.questions.count == 1)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.questions.map(\.attempt) == [1, 1])
        answer(&fleet, .pass)
        #expect(fleet.started == [1])
    }

    @Test("No answer is an inconclusive one, and whoever comes late is not heard")
    func silence() throws {
        var fleet = try gating([Self.errors])
        fleet.wait(.seconds(10) + fleet.plan.limits.silence, .gate(0))
        #expect(fleet.machine.view.gates?.first?.verdict?.answer == .inconclusive)
        answer(&fleet, .pass, to: 0)
        #expect(fleet.started.isEmpty)
        fleet.wait(.seconds(30), .gate(0))
        answer(&fleet, .pass, to: 0)
        #expect(fleet.started.isEmpty)
        answer(&fleet, .pass)
        #expect(fleet.started == [1])
    }

    @Test("A failing answer that is allowed is asked again, and one after it counts")
    func failureLimit() throws {
        var gate = Self.errors
        gate.failureLimit = 1
        var fleet = try gating([gate])
        answer(&fleet, .fail)
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        fleet.wait(.seconds(30), .gate(0))
        answer(&fleet, .fail)
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("A gate that has passed is asked again while another is waited for, and what it says then counts")
    func watches() throws {
        var fleet = try gating([Self.errors, Self.look])
        answer(&fleet, .pass)
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        fleet.wait(.seconds(30), .gate(0))
        #expect(fleet.questions.count == 2)
        answer(&fleet, .fail)
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("A person promotes the stage that waits, once, and no other")
    func promotion() throws {
        var fleet = try gating([Self.look])
        #expect(fleet.promotionsAsked == 1)
        #expect(fleet.questions.isEmpty)
        fleet.tell(.operatorSaid(.promote(stage: 1, person: "bob", reason: nil)))
        #expect(fleet.refusals.last?.contains("said to another stage") == true)
        #expect(fleet.started.isEmpty)
        fleet.tell(.operatorSaid(.promote(stage: 0, person: "bob", reason: "graphs are flat")))
        #expect(fleet.started == [1])
        #expect(fleet.machine.view.gates?.first?.verdict == GateVerdict(.pass, "promoted by bob: graphs are flat"))
        fleet.tell(.operatorSaid(.promote(stage: 0, person: "bob", reason: nil)))
        #expect(fleet.refusals.last?.contains("waits for no promotion now") == true)
    }

    @Test("A pause asks nothing and hears nothing; after it, a person's word still counts")
    func pause() throws {
        var fleet = try gating([Self.errors, Self.look])
        fleet.tell(.operatorSaid(.pause(reason: nil)))
        answer(&fleet, .pass)
        fleet.tell(.operatorSaid(.promote(stage: 0, person: "bob", reason: nil)))
        #expect(fleet.started.isEmpty)
        #expect(fleet.questions.count == 1)
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.started.isEmpty)
        #expect(fleet.questions.count == 2)
        answer(&fleet, .pass)
        #expect(fleet.started == [1])
    }

    struct End: CustomTestStringConvertible, Sendable {
        let word: OperatorWord
        let phase: RolloutPhase
        var testDescription: String { "\(phase.name)" }
    }

    @Test(
        "A person's word to stop is obeyed while a gate is asked",
        arguments: [
            End(word: .rollBack(reason: nil), phase: .rollingBack),
            End(word: .abort(reason: nil), phase: .releasing(.aborted)),
        ]
    )
    func stops(_ row: End) throws {
        var fleet = try gating([Self.errors])
        fleet.tell(.operatorSaid(row.word))
        #expect(fleet.machine.view.phase == row.phase)
        answer(&fleet, .pass)
        #expect(fleet.machine.view.phase == row.phase)
    }

    @Test("A coordinator that is started anew asks again; what was answered before is known")
    func restart() throws {
        var fleet = try gating([Self.errors, Self.look])
        fleet.tell(.operatorSaid(.promote(stage: 0, person: "bob", reason: nil)))
        try fleet.restart()
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        #expect(fleet.questions.count == 2)
        answer(&fleet, .pass, to: 0)
        #expect(fleet.started.isEmpty)
        answer(&fleet, .pass)
        #expect(fleet.started == [1])
    }

    @Test("A host that falls ill while a gate is asked ends the rollout, whatever the gate says")
    func illness() throws {
        var fleet = try gating([Self.errors])
        fleet.report(0, health: .unhealthy(reason: "status 500"))
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("A stage is not left while its hosts are not known to be well, though its gates have passed")
    func unknown() throws {
        var fleet = try gating([Self.errors])
        fleet.tell(.lost(host: 0))
        answer(&fleet, .pass)
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        fleet.tell(.connected(host: 0))
        fleet.report(0)
        #expect(fleet.started == [1])
    }

    @Test("The gates of the last stage come before the release is confirmed")
    func last() throws {
        var fleet = try gating([Self.errors], of: .rest)
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        #expect(fleet.questions.map(\.hosts) == [[0, 1, 2]])
        answer(&fleet, .pass)
        #expect(fleet.machine.view.phase == .confirming)
    }

    @Test("A host that joins while the last gate is asked, and then falls ill, counts like any other")
    func lateJoiner() throws {
        let stages = [StagePolicy(selection: .rest, gates: [Self.look.name])]
        var fleet = try Fleet(3, floor: 0, stages: stages) {
            $0.gates = [Self.look]
            $0.failureBudget = 1
        }
        fleet.current[2] = fleet.plan.target
        fleet.muster(absent: [2])
        fleet.prepareAll()
        for _ in 0..<2 { fleet.updateNext() }
        #expect(fleet.machine.view.phase == .gating(stage: 0))
        fleet.tell(.connected(host: 2))
        fleet.report(2)
        fleet.prepareAll()
        #expect(fleet.machine.view.hosts[2].doing == "has 1.4.2")
        fleet.report(2, health: .unhealthy(reason: "status 500"))
        #expect(fleet.machine.view.failures == 1)
        fleet.tell(.operatorSaid(.promote(stage: 0, person: "bob", reason: nil)))
        #expect(fleet.machine.view.phase == .releasing(.incomplete))
    }

    @Test("A way back, a restart, and what is done for hosts that were away have no gates")
    func ungated() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), gates: [Self.errors.name])]
        var environment = try PlanFixture.environment(PlanFixture.hosts(3), stages: stages)
        environment.gates = [Self.errors]
        #expect(try Planner.plan(PlanFixture.request(environment)).gates == [Self.errors])
        for kind in [Plan.Kind.rollback, .restart] {
            #expect(try Planner.plan(PlanFixture.request(environment, kind: kind)).gates == nil)
        }
        var request = try PlanFixture.request(environment)
        request.returned = [environment.hosts[1].id]
        let plan = try Planner.plan(request)
        #expect(plan.gates == nil)
        #expect(plan.stages.allSatisfy { $0.gates == nil })
    }

    @Test("A plan names each gate in full, and refuses one that nobody has described")
    func text() throws {
        let stages = [StagePolicy(selection: .canary(.count(1)), gates: [Self.errors.name, Self.look.name])]
        var environment = try PlanFixture.environment(PlanFixture.hosts(3), stages: stages)
        environment.gates = [Self.errors, Self.look]
        let lines = PlanText(try Planner.plan(PlanFixture.request(environment))).lines
        #expect(lines.contains { $0.hasSuffix("1 at a time, then must pass errors, look") })
        #expect(
            lines.contains(
                "  gate      errors: 'errors' ends with 0; fails: take everything back; inconclusive 3 times in a row, "
                    + "every 30s: pause"
            )
        )
        #expect(lines.contains("  gate      look: a person says `fleet promote`: does it look well?"))
        environment.gates = [Self.look]
        let refusal = #expect(throws: PlanRefusal.self) { try Planner.plan(PlanFixture.request(environment)) }
        #expect(refusal?.code == .unknownGate)
    }
}
