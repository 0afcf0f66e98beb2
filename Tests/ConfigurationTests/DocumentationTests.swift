import Foundation
import Testing

@testable import Configuration

/// docs/configuration.md against the code, and the project's examples.
struct DocumentationTests {
    private func page() throws -> String {
        try String(contentsOf: Fixture.project.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    }

    /// Every mapping of every file: the heading of its table, and its keys.
    static let tables: [(heading: String, keys: [String])] = [
        ("service.yml", ServiceKeys.names), ("unit", ServiceKeys.Unit.names), ("checks", ServiceKeys.Check.names),
        ("expect", ServiceKeys.Expect.names), ("heartbeat", ServiceKeys.Heartbeat.names),
        ("hooks", ServiceKeys.Hooks.names), ("drain", ServiceKeys.DrainFile.names), ("idle", ServiceKeys.Idle.names),
        ("job", ServiceKeys.Job.names), ("migration", ServiceKeys.Migration.names),
        ("fleet.yml", FleetKeys.names), ("services", FleetKeys.Service.names),
        ("environments", FleetKeys.Environment.names),
        ("hosts", FleetKeys.Host.names), ("inventory", FleetKeys.Inventory.names),
        ("capacity", FleetKeys.Capacity.names),
        ("zones", FleetKeys.Place.names), ("stages", FleetKeys.Stage.names), ("gates", FleetKeys.Gate.names),
        ("systemd", FleetKeys.Units.names),
        ("secrets", FleetKeys.Secret.names),
        ("notify", FleetKeys.Notify.names),
        ("traffic", FleetKeys.Traffic.names), ("haproxy", FleetKeys.HAProxy.names),
        ("hours", FleetKeys.Hours.names), ("freezes", FleetKeys.Freeze.names),
        ("bake", FleetKeys.Bake.names), ("offline", FleetKeys.Offline.names),
        ("proven", FleetKeys.Proven.names),
        ("inventory variables", InventoryVariables.Key.allCases.map(\.rawValue)), ("agent.yml", AgentKeys.names),
        ("paths", AgentKeys.Path.names), ("tls", AgentKeys.TLS.names), ("limits", AgentKeys.Limit.names),
        ("policy.yml", TrustPolicyKeys.names), ("rules", TrustPolicyKeys.Rule.names),
        ("attestations", TrustPolicyKeys.Attestation.names),
    ]

    @Test("Each key stands in the table of its mapping, and no table has a key that is none")
    func keys() throws {
        let sections = try page().components(separatedBy: "\n## ").flatMap { $0.components(separatedBy: "\n### ") }
        for (heading, keys) in Self.tables {
            let section = try #require(
                sections.first { $0.hasPrefix("`\(heading)`\n") },
                "a section '\(heading)' in docs/configuration.md"
            )
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            let documented = rows.compactMap { row in row.dropFirst(3).split(separator: "`").first.map(String.init) }
            #expect(documented.sorted() == keys.sorted(), "\(heading)")
        }
    }

    @Test("Each example on the page is accepted")
    func snippets() throws {
        let parts = try page().components(separatedBy: "```")
        var count = 0
        for block in stride(from: 1, to: parts.count, by: 2).map({ parts[$0] }) {
            let newline = try #require(block.firstIndex(of: "\n"))
            let bytes = [UInt8](String(block[block.index(after: newline)...]))
            switch block[..<newline] {
            case "yaml service": _ = try ServiceFile.parse(bytes, file: "service.yml")
            case "yaml fleet": _ = try FleetFile.parse(bytes, file: "fleet.yml")
            case "yaml agent": _ = try AgentFile.parse(bytes, file: "agent.yml")
            case "json builder", "json attester": continue  // Trust reads those
            case "yaml policy": _ = try TrustPolicyFile.parse(bytes, file: "policy.yml")
            case "ini inventory": _ = try InventoryFile.parse(bytes, file: "hosts.ini", format: .ini)
            case "json inventory": _ = try InventoryFile.parse(bytes, file: "hosts.json", format: .json)
            case let language: Issue.record("a block without a parser: '\(language)'")
            }
            count += 1
        }
        #expect(count >= 5)
    }

    @Test("Each configuration file of the project is accepted")
    func examples() throws {
        for folder in ["examples", "systemd", "packaging"] {
            let root = Fixture.project.appendingPathComponent(folder)
            guard let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
                continue
            }
            for case let url as URL in files {
                let read = { try [UInt8](Data(contentsOf: url)) }
                switch url.lastPathComponent {
                case "service.yml": _ = try ServiceFile.parse(read(), file: url.path)
                case "fleet.yml": _ = try FleetFile.parse(read(), file: url.path)
                case "agent.yml": _ = try AgentFile.parse(read(), file: url.path)
                case _: break
                }
            }
        }
    }
}
