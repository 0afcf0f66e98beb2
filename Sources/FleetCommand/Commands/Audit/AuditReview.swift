import ArgumentParser
import Coordinator
import Glibc
import Model
import Trust

extension AuditCommands {
    /// `fleet audit review`: a second person's look at what was done in an emergency.
    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Sign that you have looked at what another person did in an emergency; without a record, list what waits.",
            discussion: """
                Whoever is in .fleet/approvers may review, but nobody what they did themselves. The list ends with 6 while \
                something waits.
                """
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "Number of the record that asks for it.")
        var record: Int64?

        @Option(help: "What you have found, for the ledger.")
        var reason: String?

        @Option(
            help: ArgumentHelp(
                "SSH key to sign with (default: git's user.signingkey, else the first of ~/.ssh/id_*).",
                valueName: "file"
            ),
            completion: .file()
        )
        var key: String?

        mutating func validate() throws {
            guard record == nil || reason?.isEmpty == false else {
                throw ValidationError("a review needs a --reason: what you have found")
            }
        }

        func run() async throws {
            let bench = try common.bench()
            let desk = try await bench.reviewDesk()
            guard let record else { return try list(try await desk.open()) }
            let now = CoordinatorClock().wall
            let bytes = try CanonicalJSON.encode(try await desk.statement(on: record, because: reason ?? "", at: now))
            let signature = try await ApprovalSigner(key: try await ApprovalSigner.key(key), for: .review).sign(bytes)
            let word = LedgerWord(statement: bytes, signature: signature)
            let reviewer = try await desk.take(word, by: bench.workspace.author, at: now)
            Console.result("record \(record) reviewed by \(reviewer)")
        }

        private func list(_ open: [BrokenGlass]) throws {
            for broken in open { Console.result(AuditText.review(broken)) }
            guard open.isEmpty else { return try ExitStatus.incomplete.leave() }
            Console.note("nothing waits for a review")
        }
    }
}
