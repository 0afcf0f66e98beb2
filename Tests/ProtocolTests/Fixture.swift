import Foundation
import TestSupport
import Testing

/// Files of `Tests/Fixtures/protocol`.
enum Fixture {
    static let directory = Golden.fixtures.appending(path: "protocol")

    /// Compares `bytes` with the recorded ones.
    static func expect(_ bytes: [UInt8], golden name: String, comment: String) throws {
        let text = "# \(comment)\n" + lines(bytes)
        #expect(try Golden.difference(text, "protocol/golden/\(name).hex") == nil)
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
