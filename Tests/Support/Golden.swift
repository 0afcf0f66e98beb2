package import Foundation

/// Texts that are compared with files under `Tests/Fixtures`; `RECORD_GOLDEN=1` writes them anew and fails that run.
package enum Golden {
    package static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// What is wrong with `text`, or nil when the file `name` says the same.
    package static func difference(_ text: String, _ name: String) throws -> String? {
        let file = fixtures.appending(path: name)
        guard ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != "1" else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
            return "recorded \(name); look at the difference, then run again without RECORD_GOLDEN"
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        guard text != expected else { return nil }
        return "Tests/Fixtures/\(name) says otherwise; RECORD_GOLDEN=1 records what is now right:\n\(text)"
    }
}
