import Coordinator
import Model
import TestSupport
import Testing

@testable import FleetCommand
@testable import Rollout

struct NewsTextTests {
    private static func plan() throws -> Plan {
        let environment = Environment(
            name: EnvironmentName(validated: "demo"),
            service: ServiceName(validated: "hello"),
            hosts: ["h1", "h2"].map { Host(id: HostID(validated: $0), address: $0) },
            stages: [StagePolicy(selection: .canary(.count(1)), bake: .seconds(3))]
        )
        let target = ReleaseID(
            version: Version(validated: "1.1"),
            digest: Digest(bytes: Array(repeating: 2, count: 32))
        )
        let fleet = FleetName(validated: "demo")
        return try Planner.plan(PlanRequest(kind: .deploy, fleet: fleet, environment: environment, target: target))
    }

    private static let failure = Failure(.checkFailed, "tcp 127.0.0.1:80 refused")

    private static let news: [Announcement] = [
        .phase(.mustering), .phase(.rolling(stage: 0)), .hostStarted(host: 0, to: nil), .hostFinished(host: 0),
        .phase(.baking(stage: 0)), .phase(.baking(stage: 1)), .hostLost(host: 1), .hostBack(host: 1),
        .hostBusy(host: 1),
        .hostRetried(host: 1, attempt: 2), .hostFailed(host: 1, failure), .wordRefused("too late"),
        .paused(Pause(.failures, "h2 failed", advice: "`fleet resume` goes on")), .resumed, .nothingToDo,
        .phase(.releasing(.rolledBack)), .phase(.concluded(.rolledBack)), .phase(.gating(stage: 0)),
        .gateJudged(
            stage: 0,
            gate: errors,
            GateVerdict(.fail, "0.4, expected at most 0.01", details: ["query: sum(e)"])
        ),
        .promotionAsked(stage: 0, gate: look, "does it look well?"),
        .promoted(stage: 0, gate: look, by: "bob@desk", reason: "it does"),
    ]
    private static let errors = GateName(validated: "errors")
    private static let look = GateName(validated: "look")

    @Test("Each piece of news is one line, for people and for machines")
    func lines() throws {
        let plan = try Self.plan()
        let rollout = try #require(RolloutID("R17@00000000-0000-4000-8000-000000000000"))
        let time = WallTime(milliseconds: 1_700_000_000_000)
        let text = Self.news.map { NewsText(plan).line($0, at: time) }
        let json = try Self.news.map { news in
            try JSONOutput.text(NewsRecord(news, of: rollout, plan, at: time), isPretty: false)
        }
        #expect(try Golden.difference((text + json).joined(separator: "\n") + "\n", "rendering/news.txt") == nil)
    }
}
