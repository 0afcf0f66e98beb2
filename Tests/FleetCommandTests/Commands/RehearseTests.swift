import Coordinator
import Foundation
import Testing

/// `fleet rehearse` as it is typed.
struct RehearseTests {
    private struct Report: Decodable {
        struct Row: Decodable { let trouble: String }
        struct Run: Decodable {}
        let runs: Int
        let rows: [Row]
        let defects: [Run]
    }

    private func words(_ fleet: ScratchFleet, _ more: String...) -> [String] {
        ["rehearse", "hello", "\(fleet.directory)/dist", "--version", "1.0", "--env", "dev"] + more
    }

    @Test("A rehearsal tells every end, on the user's own hosts, and leaves nothing behind")
    func report() async throws {
        let fleet = try await ScratchFleet()
        let text = try await fleet.fleet(words(fleet), code: 0).text
        #expect(text.hasPrefix("deploy of hello 1.0-"))
        #expect(text.contains("the release fails its checks: run 15 is rolled back: rolled back: h"), "\(text)")
        let report = try await fleet.fleet(words(fleet, "--output", "json"), code: 0).decode(Report.self)
        #expect(report.defects.isEmpty && report.runs > 100)
        #expect(report.rows.contains { $0.trouble == "a host loses its power at switching" })
        #expect(try await fleet.fleet("history", "--output", "json", code: 0).text == "[\n\n]\n")
    }

    @Test("One run can be read line by line; a number that is none is refused")
    func trace() async throws {
        let fleet = try await ScratchFleet()
        let lines = try await fleet.fleet(words(fleet, "--trace", "15"), code: 0).text.split(separator: "\n")
        #expect(lines.count > 50 && lines.last?.hasPrefix("run 15, the release fails its checks: ") == true)
        let refused = try await fleet.fleet(words(fleet, "--trace", "9999"), code: 64)
        #expect(refused.messages.contains("and no run 9999"))
    }
}
