import ArgumentParser
import Coordinator
import Model

extension AuditCommands {
    /// `fleet audit export`: every record of a time.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every record of a time: what was done, refused, failed or forced, by whom and why.",
            discussion: """
                JSON lines carry the proof that no record is missing or changed: 'fleet audit verify' checks them anywhere. \
                CSV is for reading; it has the exact record in its last column, and no proof.
                """
        )

        @OptionGroup var common: CommonOptions

        @Option(
            help: ArgumentHelp("First day, 2026-03-01, or moment, RFC 3339 (default: the first).", valueName: "time"),
            transform: Self.time
        )
        var from: WallTime?

        @Option(
            help: ArgumentHelp("Day or moment before which to end (default: the end).", valueName: "time"),
            transform: Self.time
        )
        var to: WallTime?

        @Option(help: "How records are written.")
        var output: AuditExport.Format = .json

        mutating func validate() throws {
            guard let from, let to, to <= from else { return }
            throw ValidationError("--to \(to) must be after --from \(from)")
        }

        func run() async throws {
            let workspace = try common.workspace()
            let ledger = try workspace.ledger()
            let export = AuditExport(ledger, try workspace.signer(of: ledger))
            let count = try await export.run(from: from, to: to, as: output) { Console.write($0) }
            Console.note("\(count) records")
            for broken in try await ledger.openReviews() { Console.note(AuditText.review(broken)) }
        }

        /// A day begins at midnight UTC.
        private static func time(_ text: String) throws -> WallTime {
            try WallTime(rfc3339: text.utf8.count == 10 ? "\(text)T00:00:00Z" : text)
        }
    }
}

extension AuditExport.Format: ExpressibleByArgument {}
