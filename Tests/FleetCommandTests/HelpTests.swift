import ArgumentParser
import TestSupport
import Testing

@testable import FleetCommand

struct HelpTests {
    /// A command with the words that call it.
    struct Row: CustomTestStringConvertible, Sendable {
        let path: [String]
        let command: any ParsableCommand.Type
        var testDescription: String { path.joined(separator: " ") }
    }

    static let rows = commands(Fleet.self, path: ["fleet"])

    private static func commands(_ command: any ParsableCommand.Type, path: [String]) -> [Row] {
        let configuration = command.configuration
        let subcommands = configuration.subcommands
        return [Row(path: path, command: command)]
            + subcommands.flatMap { commands($0, path: path + [name($0)]) }
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    @Test("Every command explains itself", arguments: rows)
    func help(_ row: Row) throws {
        let text =
            row.command == Fleet.self
            ? Fleet.helpMessage(columns: 100) : Fleet.helpMessage(for: row.command, columns: 100)
        #expect(try Golden.difference(text + "\n", "help/\(row.path.joined(separator: "-")).txt") == nil)
    }

    @Test("The commands that the documentation names are there")
    func names() {
        let names = Set(Self.rows.map(\.testDescription))
        let documented = [
            "init", "doctor", "ca init", "ca issue", "ca list", "ca renew", "ca renew-hosts", "ca revoke", "host add",
            "host remove", "host unhold", "hosts",
            "artifact pack", "artifact sign", "artifact verify", "artifact inspect", "plan", "rehearse", "rollout",
            "rollback", "pause", "resume", "retry", "promote", "abort", "restart", "status", "why", "history", "logs",
            "backup create", "backup restore", "key", "audit export", "audit verify", "audit introduce",
            "audit recover",
        ]
        for name in documented { #expect(names.contains("fleet \(name)")) }
    }

    @Test(
        "What can't be meant is refused before anything happens",
        arguments: [
            "rollout web", "rollout web ./dist", "rollout web ./dist --env", "rollout web ./dist --env a/b",
            "rollout web ./dist --artifact x.tar --env dev", "rollout web ./dist --env dev --skip h1",
            "resume --floor 3", "resume --skip h1", "host add", "host add root@h --port 0", "artifact sign f --key k",
            "artifact sign f --source s", "audit export --from 2026-02-01 --to 2026-01-01",
            "audit export --from yesterday", "audit recover r.json", "ca issue boss bob", "status --output xml",
            "logs web", "why R17 R18",
        ]
    )
    func refused(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        let error = #expect(throws: (any Error).self) { try Fleet.parseAsRoot(words) }
        if let error { #expect(Fleet.exitCode(for: error).rawValue == 64) }
    }

    @Test(
        "What the documentation shows is understood",
        arguments: [
            "rollout hello dist/1.1 --version 1.1 --env demo --yes", "rollback hello --env demo", "why", "why R17",
            "status", "resume --floor 3 --reason night", "resume R2 --skip h4 --reason dead", "abort --rollback",
            "host add root@10.0.0.1 --name h1 --packages /tmp", "host add --bundle b --name h1", "pause R1",
            "rollout web --artifact web.tar --env production --skip h1 --reason dead --adopt --output json",
            "rollback web --env production --to 1.4.1", "logs web --host h1 -f", "plan web 1.4.2 --env production",
            "ca issue agent web-1", "restart web -e dev -y", "audit export --from 2026-01-01 --output csv",
            "audit verify audit.jsonl --key ledger.pub", "audit recover r.json --reason disk",
            "audit recover r.json --signature r.json.sig",
        ]
    )
    func accepted(_ line: String) throws {
        _ = try Fleet.parseAsRoot(line.split(separator: " ").map(String.init))
    }
}
