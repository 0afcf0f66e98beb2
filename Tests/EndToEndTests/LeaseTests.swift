import Foundation
import Model
import Testing

extension EndToEnd {
    /// Claims that must outlast the silence that a lease forgives.
    @Suite struct LeaseTests {
        @Test("A bake that is longer than the lease: nobody else gets in meanwhile, and it succeeds")
        func longBake() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let stages = ["canary: 1, bake: 20s", "rest: true"]
                try await fleet.begin(with: "8.0", FleetFile(hosts: [1, 2, 3], floor: "1", window: 2, stages: stages))
                for host in 1...3 { try await fleet.setLease(host, "10s") }
                try await fleet.makeSecondLedger()
                let next = try await fleet.build("8.1", healthyFor: "0s")
                let other = try await fleet.build("8.2").rollout + ["--file", "other/fleet.yml"]

                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "stage canary bakes", from: rollout)
                let start = ContinuousClock.now
                try await fleet.eventually("the lease was over, had nobody renewed it") {
                    ContinuousClock.now > start + .seconds(12)
                }
                let refused = try await fleet.fleet(other)
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect("\(refused)".contains("is held by R"), "\(refused)")
                try #require(!rollout.words.messages.contains("rolling stage rest"), "the bake was over too early")

                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...3, run: "8.1", phase: .committed)
                for host in 1...3 { try await fleet.setLease(host, nil) }
            }
        }
    }
}

extension Fleet {
    /// Writes the claims' lease of a host's agent, or nothing, and starts it anew.
    func setLease(_ host: Int, _ lease: String?) async throws {
        let line = lease.map { "echo 'claim_lease: \($0)' >>/etc/fleet/agent.yml" } ?? ":"
        try await shell(host, "sed -i /^claim_lease/d /etc/fleet/agent.yml; \(line); systemctl restart agent.service")
    }

    /// A colleague's laptop in `other`: the same authority and keys, a ledger of its own.
    func makeSecondLedger() async throws {
        let script = """
            rm -rf other; mkdir other; cp -a fleet.yml .fleet dist other; rm other/.fleet/ledger.db*
            """
        let copied = try await beside(["sh", "-euc", script], subject: "copy").end()
        try #require(copied.code == 0, "\(copied)")
        try await fleet("init", "--file", "other/fleet.yml", "--new-ledger", code: .succeeded)
        for host in 1...count { try await believe("other", on: host) }
    }

    /// Makes a host believe the ledger of a workspace, as root there may.
    func believe(_ workspace: String, on host: Int) async throws {
        let key = try String(contentsOfFile: "\(directory)/\(workspace)/.fleet/keys/ledger.pub", encoding: .utf8)
        let origin = try #require(key.split(separator: "+").first)
        let ledger = try #require(origin.split(separator: "/").last)
        let file = "/etc/fleet/trust/ledgers/\(ledger)"
        try await shell(host, "printf '%s' '\(key)' >\(file)")
    }
}
