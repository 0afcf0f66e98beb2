import Coordinator
import Model
import TestSupport
import Testing

@testable import FleetCommand
@testable import Rollout

struct RolloutTextTests {
    private static let failure = Failure(
        .checkFailed,
        "http http://127.0.0.1:8080/healthz answered 500, expected 200",
        evidence: (1...14).map { "line \($0)" }
    )

    private static func release(_ version: String, _ byte: UInt8) -> ReleaseID {
        ReleaseID(version: Version(validated: version), digest: Digest(bytes: Array(repeating: byte, count: 32)))
    }

    private static func view(hosts count: Int = 5, pause: Pause? = nil) throws -> RolloutView {
        let old = release("1.0", 1)
        let new = release("1.1", 2)
        let hosts = (1...count).map { number in
            HostView(
                host: HostID(validated: "h\(number)"),
                weight: 1,
                release: number == 1 ? new : old,
                isInService: number != 2,
                isConnected: true,
                isInFlight: number == 2,
                doing: number == 1 ? "updated" : number == 2 ? "checking" : "waits for its turn",
                failure: number == 3 ? failure : nil
            )
        }
        return RolloutView(
            rollout: try #require(RolloutID("R17@00000000-0000-4000-8000-000000000000")),
            service: ServiceName(validated: "hello"),
            environment: EnvironmentName(validated: "demo"),
            target: new,
            phase: .rolling(stage: 1),
            stage: "rest",
            pause: pause,
            inService: count - 1,
            floor: count - 1,
            total: count,
            lowest: count - 1,
            inFlight: 1,
            window: 1,
            failures: 0,
            failureBudget: 0,
            why: "h2 is in flight; \(count - 1) - 1 >= \(count - 1) does not hold",
            hosts: hosts
        )
    }

    @Test("The live view has a line per host and a bar of the capacity against the floor")
    func live() throws {
        let lines = RolloutText(try Self.view()).lines(width: 100)
        #expect(try Golden.difference(lines.joined(separator: "\n") + "\n", "rendering/live.txt") == nil)
    }

    @Test("On a small terminal the hosts that say most are kept, in their order, and no line is too long")
    func small() throws {
        let lines = RolloutText(try Self.view(hosts: 100)).lines(width: 60, most: 3)
        #expect(lines.allSatisfy { $0.count <= 60 })
        #expect(try Golden.difference(lines.joined(separator: "\n") + "\n", "rendering/small.txt") == nil)
    }

    @Test("A paused rollout says why instead of what it waits for")
    func paused() throws {
        let pause = Pause(.noProgress, "no progress for 10m", advice: "`fleet resume` goes on")
        let lines = RolloutText(try Self.view(pause: pause)).lines(width: 100)
        #expect(lines.last == "  paused: no progress for 10m")
    }

    @Test(
        "The bar shows weight in service, the floor as a mark",
        arguments: [
            (4, 4, 5, "████│░"), (5, 0, 5, "█████"), (0, 5, 5, "░░░░░│"), (50, 25, 100, "██████████│██████████░"),
        ]
    )
    func bar(_ row: (inService: Int, floor: Int, total: Int, expected: String)) throws {
        var view = try Self.view()
        (view.inService, view.floor, view.total) = (row.inService, row.floor, row.total)
        #expect(RolloutText(view).capacity.contains(" \(row.expected)"))
    }

    @Test("A failed rollout ends with what happened, where, the evidence, what was done, and what to type next")
    func summary() throws {
        let id = try #require(RolloutID("R17@00000000-0000-4000-8000-000000000000"))
        let results = [
            HostResult(
                host: HostID(validated: "h1"),
                result: .failed,
                release: Self.release("1.1", 2),
                failure: Self.failure,
                took: .seconds(3)
            ),
            HostResult(host: HostID(validated: "h2"), result: .untouched, release: Self.release("1.1", 2)),
            HostResult(host: HostID(validated: "h3"), result: .untouched, release: Self.release("1.1", 2)),
        ]
        let summary = RolloutSummary(
            outcome: .rolledBack,
            headline: "rolled back: canary h1 failed",
            advice: "`fleet why R17` shows the evidence",
            hosts: results,
            capacity: SummaryCapacity(total: 3, floor: 2, atStart: 3, lowest: 2),
            took: .milliseconds(12_345)
        )
        #expect(
            try Golden.difference(
                SummaryText(id, summary).lines.joined(separator: "\n") + "\n",
                "rendering/summary.txt"
            ) == nil
        )
    }
}
