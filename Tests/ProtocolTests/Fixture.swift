import Foundation
import Testing

/// Files of `Tests/Fixtures/protocol`.
enum Fixture {
    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Fixtures/protocol")

    static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" }

    /// Compares `bytes` with the recorded ones; records them, and fails the test, when asked to.
    static func expect(_ bytes: [UInt8], golden name: String, comment: String) throws {
        let file = directory.appending(path: "golden/\(name).hex")
        let text = "# \(comment)\n" + lines(bytes)
        guard isRecording else {
            let recorded = try String(contentsOf: file, encoding: .utf8)
            #expect(recorded == text, "\(name): the wire has changed; if that is meant, record it with RECORD_GOLDEN=1")
            return
        }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("\(name) was recorded; run again without RECORD_GOLDEN")
    }

    /// Reads hexadecimal text; a line that starts with # is a comment.
    static func bytes(hex file: URL) throws -> [UInt8] {
        let text = try String(contentsOf: file, encoding: .utf8)
        let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter { !$0.isWhitespace }
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { offset in
            let start = digits.index(digits.startIndex, offsetBy: offset)
            return UInt8(digits[start...digits.index(after: start)], radix: 16)
        }
    }

    static func files(in folder: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: directory.appending(path: folder),
            includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "hex" }
        .sorted { $0.path < $1.path }
    }

    private static func lines(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 32)
            .map { start in
                bytes[start..<min(start + 32, bytes.count)].map { String(format: "%02x", $0) }.joined(separator: " ")
            }
            .joined(separator: "\n") + "\n"
    }
}
