import Foundation
import Model
import Testing

extension EndToEnd {
    /// A ledger's file that somebody put back to a copy of a moment in the middle of a rollout.
    @Suite struct OldLedgerTests {
        @Test(
            "Rollouts came after the copy: nothing of it is done again, 'fleet doctor' says so, an approver lets it go on"
        )
        func overtaken() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                try await fleet.makeApprover()
                let stale = try await fleet.rollOutUpTo("67.1", from: "67.0")
                try await fleet.copyLedger(to: "old")
                try await fleet.rollOut(stale, code: .succeeded)
                try await fleet.rollOut(try await fleet.build("67.2"), code: .succeeded)
                let before = try await fleet.histories()
                try await fleet.copyLedger(from: "old")

                let ill = try await fleet.fleet("doctor")
                #expect(ill.output.contains("is not the ledger that") && ill.output.contains("audit recover"), "\(ill)")
                #expect(ill.code == ExitCode.failed.rawValue, "\(ill)")

                // In the copy that rollout is half done: whoever says it again goes on with it.
                let again = try await fleet.fleet(stale.rollout)
                try #require(again.messages.contains("going on with it"), "\(again)")
                try #require([ExitCode.failed, .refused].map(\.rawValue).contains(again.code), "\(again)")
                #expect("\(again)".contains("is older than") || "\(again)".contains("rewritten or cut off"), "\(again)")
                let next = try await fleet.build("67.3")
                let refused = try await fleet.rollOut(next, code: .refused)
                #expect("\(refused)".contains("rewritten or cut off"), "\(refused)")
                #expect(try await fleet.histories() == before)
                try await fleet.expect(1...3, run: "67.2", phase: .committed)

                try await fleet.recoverLedger(because: "the disk broke")
                try await fleet.rollOut(next, code: .succeeded)
                let export = try await fleet.fleet("audit", "export", code: .succeeded).output
                #expect(export.contains("\"kind\":\"ledger.recovered\""))
                let well = try await fleet.fleet("doctor")
                #expect(!well.output.contains("is not the ledger that"), "\(well)")
            }
        }

        @Test(
            "Nothing came after the copy but the end of its rollout: it comes to an end once more, and no host does a thing"
        )
        func repeated() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                let stale = try await fleet.rollOutUpTo("67.5", from: "67.4")
                try await fleet.copyLedger(to: "old")
                try await fleet.rollOut(stale, code: .succeeded)
                let before = try await fleet.histories()
                try await fleet.copyLedger(from: "old")
                let again = try await fleet.fleet(stale.rollout)
                // The hosts were let go by the end that the ledger has lost: it can't confirm what they have confirmed.
                let ends = [ExitCode.succeeded, .incomplete].map(\.rawValue)
                try #require(ends.contains(again.code), "\(again)")
                #expect(try await fleet.histories() == before, "\(again)")
                try await fleet.expect(1...3, run: "67.5", phase: .committed)
                try await fleet.rollOut(try await fleet.build("67.6"), code: .succeeded)
            }
        }
    }
}

extension Fleet {
    /// Begins a rollout, and ends its coordinator as a power cut would when the first host is through.
    fileprivate func rollOutUpTo(_ version: String, from old: String) async throws -> ExampleRelease {
        try await begin(with: old, FleetFile(floor: "2"))
        let release = try await build(version, healthyFor: "2s")
        let rollout = try startFleet(release.rollout)
        try await waits(for: "h2 switches", from: rollout)
        try await crash(rollout)
        return release
    }

    fileprivate func copyLedger(to directory: String) async throws {
        try await run("rm -rf \(directory); mkdir \(directory); cp .fleet/ledger.db* \(directory)")
    }

    fileprivate func copyLedger(from directory: String) async throws {
        try await run("rm .fleet/ledger.db*; cp \(directory)/ledger.db* .fleet")
    }

    private func run(_ script: String) async throws {
        let end = try await beside(["sh", "-euc", script], subject: "copy").end()
        try #require(end.code == 0, "\(end)")
    }

    /// What has happened to the service on every host.
    fileprivate func histories() async throws -> [[HistoryEntry]] {
        var histories: [[HistoryEntry]] = []
        for host in 1...count {
            let text = try await shell(host, "agent history hello --json --limit 100")
            histories.append(try JSONDecoder().decode([HistoryEntry].self, from: Data(text.utf8)))
        }
        return histories
    }
}
