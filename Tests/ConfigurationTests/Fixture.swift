import Foundation

/// Files under `Tests/Fixtures/configuration`, and the project's own.
enum Fixture {
    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let directory = project.appendingPathComponent("Tests/Fixtures/configuration")

    static func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: directory.appendingPathComponent(path)))
    }

    /// Names in a folder of the fixtures, sorted.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(folder).path).sorted()
    }
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }
}
