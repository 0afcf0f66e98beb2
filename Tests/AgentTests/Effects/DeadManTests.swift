import Model
import Testing

@testable import Agent

/// The timers of a dead man, by a systemd that notes what is armed after each word.
struct DeadManTests {
    private static let names = ["fleet-revert-web", "fleet-revert-web:2", "fleet-revert-web:3"]

    private let systemd = ModelSystemd(units: "/nowhere")

    private func deadMan() throws -> DeadMan { try DeadMan(of: ServiceName(validated: "web"), by: systemd) }

    private func command(_ name: String) -> TransientCommand {
        let unit = UnitName(validated: "\(name).service")
        return TransientCommand(unit: unit, description: "", arguments: ["agent"], timeout: .minutes(10))
    }

    @Test("Armed anew, and anew again, a timer is armed after each word, and in the end one")
    func neverWithout() async throws {
        let deadMan = try deadMan()
        for _ in 0..<5 {
            try await deadMan.arm(after: .seconds(2), arguments: ["agent"], wayBack: .minutes(10))
            #expect(systemd.armed.last?.count == 1)
        }
        #expect(systemd.armed.count > 5 && systemd.armed.allSatisfy { !$0.isEmpty }, "\(systemd.armed)")
        try await deadMan.disarm()
        #expect(systemd.armed.last == [])
    }

    @Test("Whatever is armed or runs already, as after kills, there is one more", arguments: [nil] + names)
    func takesOver(running: String?) async throws {
        for name in Self.names {
            try systemd.arm(UnitName(validated: "\(name).timer"), after: .seconds(2), command: command(name))
        }
        if let running { systemd.launch(command(running)) }
        try await deadMan().arm(after: .seconds(2), arguments: ["agent"], wayBack: .minutes(10))
        #expect(systemd.armed.last?.count == 1)
        #expect(systemd.armed.allSatisfy { !$0.isEmpty }, "\(systemd.armed)")
    }

    @Test("Where all recoveries run, it says so")
    func allRun() async throws {
        for name in Self.names { systemd.launch(command(name)) }
        let error = await #expect(throws: Failure.self) {
            try await deadMan().arm(after: .seconds(2), arguments: ["agent"], wayBack: .minutes(10))
        }
        #expect(error?.message.contains("3 recoveries of web run at once") == true)
    }
}
