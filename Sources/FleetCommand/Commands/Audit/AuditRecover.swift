import ArgumentParser
import Coordinator
import Model

extension AuditCommands {
    /// `fleet audit recover`: hosts accept a ledger that was restored from a backup.
    struct Recover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "After a restore from backup: let hosts go on with this ledger, at an approver's word.",
            discussion: """
                Asks every host what it has seen, writes a statement that names what is lost, and brings it to the hosts once \
                an approver of theirs has signed it. Until then they allow a rollback to the confirmed predecessor only.
                """
        )

        @OptionGroup var common: CommonOptions
        @OptionGroup var statement: StatementOptions

        func run() async throws {
            let bench = try common.bench()
            let ledger = try await bench.ledgerDesk()
            if let signature = statement.signature {
                return try await statement.deliver(signedBy: signature, ledger, by: bench.workspace.author)
            }
            let survey = try await ledger.survey()
            for (host, size) in survey.seen.sorted(by: { $0.key < $1.key }) {
                Console.note("\(host): has seen \(size) records")
            }
            for (host, why) in survey.silent.sorted(by: { $0.key < $1.key }) { Console.note("\(host): \(why)") }
            guard let lost = survey.lost else {
                Console.note("nothing to recover: this ledger continues what every host that answered has seen")
                return try (survey.silent.isEmpty ? ExitStatus.success : .failed).leave()
            }
            let now = CoordinatorClock().wall
            try statement.write(
                try await ledger.recovery(giving: lost, because: statement.reason ?? "", at: now)
            )
        }
    }
}
