import Foundation
import Storage
import Testing

@testable import Agent

/// What an older agent must be able to live with, because it is what comes back when a newer one is not committed.
struct JournalGrowthTests {
    @Test("Migrations of the journal only ever add, so that the agent before can read what the next one wrote")
    func additive() {
        #expect(AgentJournal.schema.newer == .used)
        for migration in AgentJournal.schema.migrations {
            let sql = migration.sql.uppercased()
            for word in ["DROP ", "RENAME ", "ALTER COLUMN", "WITHOUT ROWID"] {
                #expect(!sql.contains(word), "\(migration.name) changes what older agents read: \(word)")
            }
            let statements = sql.split(separator: "\n").map { $0.drop { $0 == " " } }
            for word in ["UPDATE ", "DELETE FROM ", "INSERT ", "REPLACE "] {
                #expect(
                    !statements.contains { $0.hasPrefix(word) },
                    "\(migration.name) rewrites what is stored: \(word)"
                )
            }
        }
    }

    @Test("What a newer agent adds to a machine's state is no reason for an older one to refuse it")
    func unknownMembers() async throws {
        let scratch = Scratch()
        try await scratch.remember(scratch.machine)
        let journal = try scratch.journal()
        try await journal.edit { state in state.replacingOccurrences(of: "{\"", with: "{\"fromTomorrow\":1,\"") }
        let stored = try #require(try await journal.machine(of: Scratch.service))
        #expect(stored.machine == scratch.machine)
    }
}

extension AgentJournal {
    /// Changes the text of every stored machine.
    fileprivate func edit(_ change: (String) -> String) throws {
        for text in try database.query("SELECT state FROM machines", read: { row in try row.blob(0) }) {
            let changed = change(String(decoding: text, as: UTF8.self))
            try database.execute("UPDATE machines SET state = ?1", .blob(Array(changed.utf8)))
        }
    }
}
