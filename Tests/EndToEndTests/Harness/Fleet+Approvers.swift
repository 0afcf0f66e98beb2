import Foundation
import Testing

extension Fleet {
    /// An engineer's SSH key in the workspace.
    func makeKey(_ name: String) async throws {
        let made = try await beside(
            ["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-C", name, "-f", name],
            subject: "ssh-keygen"
        ).end()
        try #require(made.code == 0, "\(made)")
    }

    /// Lets hosts take only what one of these people has approved.
    func demandApproval(by people: [String], breakGlass: [String] = []) async throws {
        func lines(_ names: [String]) throws -> String {
            try names.map { name in
                let key = try String(contentsOfFile: "\(directory)/\(name).pub", encoding: .utf8)
                return "\(name)@example.com \(key)"
            }.joined()
        }
        let files = [
            ("approvers", try lines(people)), ("break-glass", try lines(breakGlass)),
            ("policy.yml", "rules: [{environment: \(FleetFile.environment), approvals: 1}]\n"),
        ]
        for (name, text) in files where !text.isEmpty {
            for host in 1...count { try await shell(host, "cat >/etc/fleet/trust/\(name) <<'END'\n\(text)END") }
            guard name != "policy.yml" else { continue }
            try text.write(toFile: "\(directory)/.fleet/\(name)", atomically: true, encoding: .utf8)
        }
    }
}

extension Fleet {
    /// What `ssh-keygen -Y sign` makes of an order with an engineer's key.
    func approve(_ order: [UInt8], by person: String) async throws -> [UInt8] {
        let file = "\(log("order"))"
        try Data(order).write(to: URL(filePath: file))
        let signed = try await beside(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", person, "-n", "fleet-order", file],
            subject: "ssh-keygen"
        ).end()
        try #require(signed.code == 0, "\(signed)")
        return [UInt8](try Data(contentsOf: URL(filePath: "\(file).sig")))
    }
}
