import ArgumentParser
import Artifacts
import Coordinator

/// `fleet backup …`: what can't be made again.
struct BackupCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Back up the ledger, the authority and the keys, and restore them.",
        subcommands: [Create.self, Restore.self]
    )

    /// `fleet backup create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a backup, also while a rollout runs. It holds private keys: keep it secret."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "File to write; must not be there.", completion: .file())
        var path: String

        func run() async throws {
            let backup = WorkspaceBackup(try common.workspace(), tool: try UnpackTool.find())
            let size = try await backup.create(path)
            Console.note("\(path): \(size); it holds private keys, keep it secret")
        }
    }

    /// `fleet backup restore`.
    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a backup beside fleet.yml, where there is no .fleet."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Backup to restore.", completion: .file())
        var path: String

        func run() async throws {
            let workspace = try common.workspace()
            try await WorkspaceBackup(workspace, tool: try UnpackTool.find()).restore(path)
            // Into the ledger that came back: what was recorded after the backup is gone, and this says from where on.
            let (ledger, author, now) = (try workspace.ledger(), workspace.author, CoordinatorClock().wall)
            var record = LedgerRecord(.ledgerRestored, by: author, at: now)
            record.asked = path
            try await ledger.record(record)
            try await ledger.revokeJoinTokens(by: author, at: now, because: "the ledger is from a backup")
            Console.note("restored \(workspace.layout.root); 'fleet doctor' looks at it")
        }
    }
}
