import Foundation
import Model
import Testing

extension EndToEnd {
    /// A ledger that was put back to an old copy, in front of hosts that have seen the newer one.
    @Suite struct AuditTests {
        @Test("Hosts refuse an old copy of the ledger, still go back, and go on once an approver has signed")
        func restoredLedger() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.begin(with: "40.0", FleetFile(floor: "0"))
                try await fleet.makeApprover()
                try await fleet.fleet("backup", "create", "old.tar", code: .succeeded)
                try await fleet.rollOut(try await fleet.build("40.1"), code: .succeeded)
                let export = try await fleet.fleet("audit", "export", code: .succeeded).output
                try await fleet.restore("old.tar")
                let place = FleetFile.environment

                let refused = try await fleet.fleet(try await fleet.build("40.2").rollout)
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect("\(refused)".contains("rewritten or cut off"), "\(refused)")
                try await fleet.expect(1...3, run: "40.1", phase: .committed)
                #expect(try await fleet.status(1).ledgerRefusal?.contains("fleet audit recover") == true)

                let back = try await fleet.fleet("rollback", "hello", "--env", place, "--to", "40.0", "--yes")
                try #require(back.code == ExitCode.succeeded.rawValue, "\(back)")
                try await fleet.expect(1...3, run: "40.0", phase: .committed)

                try await fleet.recoverLedger(because: "disk")
                try await fleet.rollOut(try await fleet.build("40.3"), code: .succeeded)
                #expect(try await fleet.status(1).ledgerRefusal == nil)

                // What was exported before the disk broke is still proven by itself.
                _ = try await fleet.verify(export)
            }
        }

        @Test("What a person did on a host stands in the ledger by the host's own signature")
        func receipts() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "signed", floor: "0"))
                for version in ["1.0", "1.1"] {
                    let release = try fleet.write(HandMade(service: "signed", version: version))
                    try await fleet.rollOut(release, code: .succeeded)
                }
                try await fleet.shell(1, "agent rollback signed")
                for _ in 0..<2 { try await fleet.fleet("status", code: .succeeded) }
                let export = try await fleet.fleet("audit", "export", code: .succeeded).output
                let local = export.split(separator: "\n").filter {
                    $0.contains("\"kind\":\"host.receipt\"") && $0.contains("\"asked\":\"agent rollback\"")
                        && $0.contains("\"service\":\"signed\"")
                }
                #expect(local.count == 1, "\(local)")
                let found = try await fleet.verify(export)
                #expect("\(found)".contains("receipts, signed by their hosts"), "\(found)")
                try await fleet.shell(1, "agent unhold signed")
            }
        }
    }
}

extension Fleet {
    /// An engineer with an SSH key, whom every host lets speak for ledgers.
    func makeApprover() async throws {
        if !FileManager.default.fileExists(atPath: "\(directory)/approver") {
            let made = try await beside(
                ["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-C", "bob", "-f", "approver"],
                subject: "ssh-keygen"
            ).end()
            try #require(made.code == 0, "\(made)")
        }
        let key = try String(contentsOfFile: "\(directory)/approver.pub", encoding: .utf8)
        for host in 1...count { try await shell(host, "echo 'bob \(key)' >/etc/fleet/trust/approvers") }
    }

    /// Has an approver let the hosts go on with the ledger as it is.
    func recoverLedger(because why: String) async throws {
        let statement = "recovery-\(UUID().uuidString).json"
        try await fleet("audit", "recover", statement, "--reason", why, code: .succeeded)
        try await sign(statement, for: "fleet-recovery")
        try await fleet("audit", "recover", statement, "--signature", "\(statement).sig", code: .succeeded)
    }

    private func sign(_ file: String, for namespace: String) async throws {
        let signed = try await beside(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", "approver", "-n", namespace, file],
            subject: "ssh-keygen"
        ).end()
        try #require(signed.code == 0, "\(signed)")
    }

    /// Verifies an export; what other scenarios have broken on these hosts may still wait for its review.
    fileprivate func verify(_ export: String) async throws -> Child.End {
        try export.write(toFile: "\(directory)/audit.jsonl", atomically: true, encoding: .utf8)
        let end = try await fleet("audit", "verify", "audit.jsonl")
        try #require([ExitCode.succeeded.rawValue, ExitCode.incomplete.rawValue].contains(end.code), "\(end)")
        return end
    }

    /// Loses the workspace's state, and puts a backup in its place.
    fileprivate func restore(_ backup: String) async throws {
        let moved = try await beside(["mv", ".fleet", "lost"], subject: "mv").end()
        try #require(moved.code == 0, "\(moved)")
        try await fleet("backup", "restore", backup, code: .succeeded)
    }
}
