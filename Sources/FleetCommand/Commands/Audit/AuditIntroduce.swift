import ArgumentParser
import Coordinator

extension AuditCommands {
    /// `fleet audit introduce`: hosts of another ledger come to believe this one.
    struct Introduce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let hosts that another ledger has enrolled believe this one, too, at an approver's word.",
            discussion: "Needs no approver on hosts that 'fleet host add' enrols from here."
        )

        @OptionGroup var common: CommonOptions
        @OptionGroup var statement: StatementOptions

        func run() async throws {
            let bench = try common.bench()
            let ledger = try await bench.ledgerDesk()
            if let signature = statement.signature {
                return try await statement.deliver(signedBy: signature, ledger, by: bench.workspace.author)
            }
            try statement.write(
                try ledger.introduction(because: statement.reason ?? "", at: CoordinatorClock().wall)
            )
        }
    }
}
