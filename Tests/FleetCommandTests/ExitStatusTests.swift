import ArgumentParser
import Coordinator
import Foundation
import Model
import Testing

@testable import FleetCommand
@testable import Rollout

struct ExitStatusTests {
    @Test("Every outcome has the exit code that the documentation gives it")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/terminology.md"), encoding: .utf8)
        for outcome in Outcome.allCases {
            let code = ExitStatus(outcome).rawValue
            #expect(text.contains("| \(code) | \(outcome.words) |"), "\(outcome)")
        }
        #expect(Set(Outcome.allCases.map { ExitStatus($0) }).count == Outcome.allCases.count)
    }

    @Test("An error is refused, wrong usage, or a failure; the parser's own are left to it")
    func errors() {
        let usage = CoordinatorError(.workspaceMissing, "")
        let refused = CoordinatorError(.versionTaken, "")
        let plan = PlanRefusal(code: .floorUnreachable, found: "", advice: "")
        #expect(ExitStatus(refusing: usage) == .usage)
        #expect(ExitStatus(refusing: refused) == .refused)
        #expect(ExitStatus(refusing: plan) == .refused)
        #expect(ExitStatus(refusing: CancellationError()) == .internalError)
        #expect(ExitStatus(refusing: ExitCode(5)) == nil)
        #expect(throws: ExitCode(4)) { try ExitStatus.rolledBack.leave() }
        #expect(throws: Never.self) { try ExitStatus.success.leave() }
    }
}
