import Foundation
import Storage
import Testing

/// A directory of its own for one test, removed at the end.
final class Scratch {
    let directory: String

    init(_ test: String = #function) throws {
        let name = test.prefix { $0.isLetter || $0.isNumber }
        directory = FileManager.default.temporaryDirectory.path + "/fleet-storage-\(name)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)  // a leftover scratch directory harms nobody
    }

    var database: String { directory + "/test.db" }
    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }
    }
}

extension Schema {
    /// One table of notes and one journal.
    static let sample = Schema(
        applicationID: 0x464C_5401,
        migrations: [
            Migration(name: "create_notes", sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT) STRICT"),
            AppendLog.migration(creating: "journal", retention: .forever),
            AppendLog.migration(creating: "trail", retention: .prunable),
        ]
    )
    static let journal = AppendLog(table: "journal")
}

/// The code of the storage error that `body` throws, or nil.
func code(of body: () throws -> Void) -> StorageError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? StorageError)?.code
    }
}

extension [UInt8] {
    init(_ text: String) { self = Array(text.utf8) }
}
