import ArgumentParser
import Coordinator
import Model
import Trust

/// A statement about the ledger on its way to an approver and back.
struct StatementOptions: ParsableArguments {
    @Argument(help: "File of the statement: written at first, read again with --signature.", completion: .file())
    var statement: String

    @Option(
        help: ArgumentHelp("The approver's signature on it, as 'ssh-keygen -Y sign' wrote it.", valueName: "file"),
        completion: .file(extensions: ["sig"])
    )
    var signature: String?

    @Option(help: "Why, for whoever is asked to sign, and for the ledger.")
    var reason: String?

    mutating func validate() throws {
        guard signature != nil || reason?.isEmpty == false else {
            throw ValidationError("a statement needs a --reason; one that is signed, its --signature")
        }
    }

    /// Writes a statement and says how it is signed.
    func write(_ new: LedgerStatement) throws {
        guard try SmallFile.create(statement, try CanonicalJSON.encode(new), mode: 0o644) else {
            throw ValidationError("\(statement) exists already and is kept: name a new file")
        }
        Console.note("wrote \(statement): show it to an approver, who signs it with")
        Console.note("  ssh-keygen -Y sign -n \(new.kind.namespace) -f KEY \(statement)")
        Console.note("then say the same again with --signature \(statement).sig")
    }

    /// Brings the signed statement to all hosts.
    func deliver(signedBy signature: String, _ desk: LedgerDesk, by author: Author) async throws {
        let word = LedgerWord(statement: try SmallFile.read(statement), signature: try SmallFile.read(signature))
        let refusals = try await desk.deliver(word, by: author, at: CoordinatorClock().wall)
        for (host, why) in refusals.sorted(by: { $0.key < $1.key }) { Console.note("\(host): \(why)") }
        guard refusals.isEmpty else {
            Console.note("some hosts have not taken it; it may be said again as often as needed")
            return try ExitStatus.failed.leave()
        }
        Console.note("every host has taken it")
    }
}
