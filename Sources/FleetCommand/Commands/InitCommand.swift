import ArgumentParser
import Coordinator
import Glibc
import Model

/// `fleet init`: everything that a fleet needs before its first host.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make fleet.yml, the certificate authority, your certificate, the ledger and a development key.",
        discussion: "What is there already is kept, so running it again does no harm."
    )

    @Option(
        help: "Name of the fleet (default: as in fleet.yml, else as the directory).",
        transform: FleetName.init(parsing:)
    )
    var fleet: FleetName?

    @Option(
        name: .customLong("operator"),
        help: "Your name in the fleet (default: your user name).",
        transform: OperatorName.init(parsing:)
    )
    var person: OperatorName?

    @Option(
        help: ArgumentHelp("The fleet.yml to make (default: ./fleet.yml).", valueName: "file"),
        completion: .file(extensions: ["yml", "yaml"])
    )
    var file: String?

    @Flag(help: "Begin a new history where the ledger was lost: earlier rollouts and confirmed releases are forgotten.")
    var newLedger = false

    func run() async throws {
        let name = try person ?? OperatorName(parsing: Self.userName)
        let workspace = Workspace(fleetFile: try absolute(file ?? "fleet.yml"))
        let items = try WorkspaceSetup(
            workspace,
            fleet: fleet,
            person: name,
            lostLedger: newLedger ? .replace : .refuse,
            at: CoordinatorClock().wall
        ).run()
        for item in items { Console.note("\(item.isNew ? "made" : "kept") \(item.path): \(item.purpose)") }
        Console.note("next: fleet host add root@SERVER, then its line into \(workspace.fleetFile)")
    }

    private func absolute(_ path: String) throws -> String {
        if path.hasPrefix("/") { return path }
        guard let here = SmallFile.resolve(".") else { throw ValidationError("the current directory is gone") }
        return "\(here)/\(path)"
    }

    /// The user's name as far as it can be an operator's.
    private static var userName: String {
        let name =
            getenv("USER").map { String(cString: $0) } ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        let kept = (name ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return kept.isEmpty ? "operator" : kept
    }
}
