import Foundation

/// The archives under `Tests/Fixtures/archive/corpus`: each dialect of tar, a Debian package, and what once went wrong.
enum Corpus {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/archive/corpus")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: directory.appending(path: name)))
    }
}
