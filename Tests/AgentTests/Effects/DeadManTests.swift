import Model
import Synchronization
import Testing

@testable import Agent

/// The timers of a dead man, by a systemd that notes what is armed after each word.
struct DeadManTests {
    private static let service = ServiceName(validated: "web")

    @Test("Armed anew, and anew again, at least one timer is armed after each word, and in the end one")
    func neverWithout() async throws {
        let systemd = Timers()
        let deadMan = try DeadMan(of: Self.service, by: systemd)
        for _ in 0..<5 {
            let words = systemd.count
            try await deadMan.arm(after: .seconds(2), arguments: ["agent"])
            #expect(systemd.armed.count == 1)
            #expect(systemd.history.dropFirst(max(words, 1)).allSatisfy { !$0.isEmpty }, "\(systemd.history)")
        }
        try await deadMan.disarm()
        #expect(systemd.armed.isEmpty)
    }

    @Test("Whatever is armed or runs already, as after kills, there is one more", arguments: 0..<6)
    func takesOver(running: Int) async throws {
        let systemd = Timers()
        let names = ["fleet-revert-web", "fleet-revert-web:2", "fleet-revert-web:3"]
        if running < 3 { systemd.run(UnitName(validated: "\(names[running]).service")) }
        for name in names { systemd.arm(UnitName(validated: "\(name).timer")) }
        try await DeadMan(of: Self.service, by: systemd).arm(after: .seconds(2), arguments: ["agent"])
        #expect(systemd.armed.count == 1)
        #expect(systemd.history.allSatisfy { !$0.isEmpty })
        #expect(systemd.refusals == 0)
    }

    @Test("Where all recoveries run, it says so")
    func allRun() async throws {
        let systemd = Timers()
        for name in ["fleet-revert-web", "fleet-revert-web:2", "fleet-revert-web:3"] {
            systemd.run(UnitName(validated: "\(name).service"))
        }
        let error = await #expect(throws: Failure.self) {
            try await DeadMan(of: Self.service, by: systemd).arm(after: .seconds(2), arguments: ["agent"])
        }
        #expect(error?.message.contains("3 recoveries of web run at once") == true)
    }
}

/// A systemd that knows timers and what they start.
private final class Timers: ServiceManager {
    private struct State {
        var armed: Set<UnitName> = []
        var running: Set<UnitName> = []
        var history: [Set<UnitName>] = []
        var refusals = 0
    }

    private let state = Mutex(State())

    var armed: Set<UnitName> { state.withLock(\.armed) }
    var history: [Set<UnitName>] { state.withLock(\.history) }
    var count: Int { history.count }
    var refusals: Int { state.withLock(\.refusals) }

    func run(_ unit: UnitName) { state.withLock { _ = $0.running.insert(unit) } }

    func arm(_ timer: UnitName) {
        state.withLock {
            $0.armed.insert(timer)
            $0.history.append($0.armed)
        }
    }

    func arm(_ timer: UnitName, after delay: TimeSpan, command: TransientCommand) throws {
        // As systemd does: a timer of that name is stopped first, and a service that runs is not made anew.
        disarm(timer)
        if state.withLock({ $0.running.contains(command.unit) }) {
            state.withLock { $0.refusals += 1 }
            throw Failure(.internalError, "\(command.unit) runs")
        }
        arm(timer)
    }

    func disarm(_ timer: UnitName) {
        state.withLock {
            guard $0.armed.remove(timer) != nil else { return }
            $0.history.append($0.armed)
        }
    }

    func inspect(_ unit: UnitName) -> UnitInspection {
        let isUp = state.withLock { $0.armed.contains(unit) || $0.running.contains(unit) }
        return UnitInspection(
            state: UnitState(
                unit: unit,
                active: isUp ? "active" : "inactive",
                sub: isUp ? "running" : "dead",
                result: "success",
                restarts: 0
            ),
            loadState: "loaded",
            fragmentPath: "",
            dropInPaths: [],
            needsReload: false,
            user: "",
            group: "",
            exitStatus: 0
        )
    }

    func resetFailed(_ unit: UnitName) {}
    func start(_ unit: UnitName) -> JobResult { .done }
    func stop(_ unit: UnitName) -> JobResult { .done }
    func reload() {}
    func enable(_ unit: UnitName) {}
    func disable(_ unit: UnitName) {}
    func version() -> String { "252" }
    func run(_ command: TransientCommand) -> CommandResult {
        CommandResult(result: "success", exitStatus: 0, invocation: "")
    }
    func launch(_ command: TransientCommand) {}
    func close() {}
}
