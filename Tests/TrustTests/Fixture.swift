import Foundation
import Testing

/// Files under Tests/Fixtures/trust, recorded anew by `RECORD_GOLDEN=1`, which fails the run that does it.
enum Fixture {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/trust")

    static func expect(_ bytes: [UInt8], matches name: String) throws {
        let url = directory.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try Data(bytes).write(to: url)
            Issue.record("recorded \(name): run again without RECORD_GOLDEN")
            return
        }
        let golden = [UInt8](try Data(contentsOf: url))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
    }
}
