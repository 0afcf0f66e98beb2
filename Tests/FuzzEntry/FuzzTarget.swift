package import Foundation
import TestSupport

/// One kind of bytes that others make and we decode, as libFuzzer (`make fuzz`) and the bounded test feed it.
///
/// To add one: a file beside this with its reader, a line in `all`, and some inputs to begin with under `Tests/Fixtures`.
package struct FuzzTarget: Sendable {
    /// What `make fuzz FUZZ_TARGET=…` calls it.
    package let name: String
    /// Folders of `Tests/Fixtures` with inputs to begin with; what a run has found is added to the first.
    package let folders: [String]
    /// Words of the format, which damaged inputs are made of.
    package let words: [[UInt8]]
    /// Reads the bytes as every decoder of the kind would, and answers how many took them whole.
    ///
    /// Anything but an answer is a bug: a trap, a hang, an error without advice.
    package let read: @Sendable ([UInt8]) -> Int

    init(_ name: String, _ folders: [String], words: [String], read: @escaping @Sendable ([UInt8]) -> Int) {
        self.name = name
        self.folders = folders
        self.words = words.map { Array($0.utf8) }
        self.read = read
    }

    package static let all = [frames, tar, archive, json, sshSignature, signers, yaml]

    /// The inputs to begin with, by file, in a fixed order; `.hex` files are text with comments.
    package func corpus() throws -> [(file: URL, bytes: [UInt8])] {
        try folders.flatMap { folder in
            let directory = Golden.fixtures.appending(path: folder)
            return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                .filter { !$0.hasDirectoryPath && !$0.lastPathComponent.hasSuffix(".yml.txt") }
                .sorted { $0.path < $1.path }
                .map { ($0, try Self.bytes($0)) }
        }
    }

    private static func bytes(_ file: URL) throws -> [UInt8] {
        let content = try Data(contentsOf: file)
        guard file.pathExtension == "hex" else { return Array(content) }
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let digits = Array(lines.joined().filter { !$0.isWhitespace }.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { offset in
            UInt8(String(decoding: digits[offset...(offset + 1)], as: UTF8.self), radix: 16)
        }
    }

    /// How many of the readers took their input; each may refuse it with an error that `isTold` accepts.
    static func count(
        _ readers: [() throws -> Void],
        isTold: (any Error) -> Bool
    ) -> Int {
        readers.count { reader in
            do {
                try reader()
                return true
            } catch {
                precondition(isTold(error), "an error that says nothing: \(error)")
                return false
            }
        }
    }
}
