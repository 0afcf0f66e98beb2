import Foundation
import Testing

/// Texts that are compared with files under `Tests/Fixtures`; `RECORD_GOLDEN=1` writes them anew and fails that run.
enum Golden {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    static func check(_ text: String, _ name: String) throws {
        let file = fixtures.appendingPathComponent(name)
        guard ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != "1" else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
            Issue.record("recorded \(name); look at the difference, then run again without RECORD_GOLDEN")
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "Tests/Fixtures/\(name) says otherwise; RECORD_GOLDEN=1 records what is now right")
    }
}
