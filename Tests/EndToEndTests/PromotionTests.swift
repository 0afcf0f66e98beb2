import Foundation
import Model
import Testing

extension EndToEnd {
    /// Environments in an order: production takes what has proved itself in staging.
    @Suite struct PromotionTests {
        /// h1 is staging, the others are production; one gate judges a release in both.
        private static func describe(
            _ fleet: Fleet,
            proven: String,
            wayBack: Bool = false,
            production: [String] = [],
            greeting: String = "hello"
        )
            throws
        {
            let hosts = (1...fleet.count).map { "{name: h\($0), address: \(fleet.address($0))}" }
            let more = production.map { ", \($0)" }.joined()
            let stages = "stages: [{rest: true, gates: [units]}]"
            let text = """
                fleet: e2e
                services:
                  hello:
                    gates: {units: {systemd: {}}}
                    environments:
                      staging: {hosts: [\(hosts[0])], config: {GREETING: staged}, \(stages)}
                      production: {hosts: [\(hosts.dropFirst().joined(separator: ", "))], capacity: {floor: 0}, \(stages), \
                config: {GREETING: \(greeting)}, proven: {in: [staging], for: \(proven), way_back: \(wayBack)}\(more)}

                """
            try text.write(toFile: "\(fleet.directory)/fleet.yml", atomically: true, encoding: .utf8)
        }

        private static func words(_ release: ExampleRelease, to environment: String) -> [String] {
            ["rollout", "hello", release.path, "--version", release.version, "--env", environment, "--yes"]
        }

        private static let fromStaging = ["hello", "--from", "staging", "--env", "production"]

        @Test("Production takes a release once it has baked in staging, by the same bytes, and not before: 3, 3 and 0")
        func promotion() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, proven: "20s")
                let first = try await fleet.build("70.0")
                let missing = try await fleet.fleet(Self.words(first, to: "production"))
                try #require(missing.code == ExitCode.refused.rawValue, "\(missing)")
                for words in [
                    "nothing was rolled out with success to staging", "fleet rollout hello 70.0 --env staging",
                ] {
                    #expect(missing.messages.contains(words), "\(missing)")
                }
                let staged = try await fleet.fleet(Self.words(first, to: "staging"))
                try #require(staged.code == ExitCode.succeeded.rawValue, "\(staged)")
                #expect(staged.messages.contains("gate units of stage rest passed"), "\(staged)")
                let young = try await fleet.fleet(["rollout"] + Self.fromStaging + ["--yes"])
                try #require(young.code == ExitCode.refused.rawValue, "\(young)")
                for words in ["staging runs it since", "not long enough", "say this again after"] {
                    #expect(young.messages.contains(words), "\(young)")
                }
                // Whoever gives other bytes the same name is refused, whatever has baked.
                let other = try await fleet.build("70.0", healthyFor: "2s")
                let forged = try await fleet.fleet(Self.words(other, to: "production"))
                #expect(forged.code == ExitCode.refused.rawValue, "\(forged)")

                try await fleet.eventually("it has baked") {
                    try await fleet.fleet(["plan"] + Self.fromStaging).code == ExitCode.succeeded.rawValue
                }
                let done = try await fleet.fleet(["rollout"] + Self.fromStaging + ["--yes"])
                try #require(done.code == ExitCode.succeeded.rawValue, "\(done)")
                for words in ["proven    in staging by R1,", "gate units of stage rest passed"] {
                    #expect(done.messages.contains(words), "\(done)")
                }
                try await fleet.expectReport(2, of: "hello", runs: "70.0", phase: .committed)
                try await fleet.expectAnswer(2, "70.0")
            }
        }

        @Test("Production takes what staging has gone back from, and come to again: 3, 0 and 0")
        func wayBack() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, proven: "0s", wayBack: true)
                let first = try await fleet.build("76.0")
                let lonely = try await fleet.fleet(Self.words(first, to: "staging") + ["--try-way-back"])
                try #require(lonely.code == ExitCode.refused.rawValue, "\(lonely)")
                #expect(lonely.messages.contains("leave it out this time"), "\(lonely)")
                let staged = try await fleet.fleet(Self.words(first, to: "staging"))
                try #require(staged.code == ExitCode.succeeded.rawValue, "\(staged)")

                let next = try await fleet.build("76.1")
                let up = try await fleet.fleet(Self.words(next, to: "staging"))
                try #require(up.code == ExitCode.succeeded.rawValue, "\(up)")
                let untried = try await fleet.fleet(["rollout"] + Self.fromStaging + ["--yes"])
                try #require(untried.code == ExitCode.refused.rawValue, "\(untried)")
                #expect(untried.messages.contains("has not tried the way back from it"), "\(untried)")

                let tried = try await fleet.fleet(Self.words(next, to: "staging") + ["--try-way-back"])
                try #require(tried.code == ExitCode.succeeded.rawValue, "\(tried)")
                let history = try await fleet.shell(1, "agent history hello")
                #expect(history.components(separatedBy: "76.0").count > 2, "\(history)")
                try await fleet.expectReport(1, of: "hello", runs: "76.1", phase: .committed)
                let done = try await fleet.fleet(["rollout"] + Self.fromStaging + ["--yes"])
                try #require(done.code == ExitCode.succeeded.rawValue, "\(done)")
                #expect(done.messages.contains("went the way back"), "\(done)")
                try await fleet.expectAnswer(2, "76.1")
            }
        }

        @Test("Configuration alone is a release of its own, which moves out and back under the same rules: exit code 0")
        func configuration() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, proven: "0s")
                let release = try await fleet.build("72.0")
                for environment in ["staging", "production"] {
                    let end = try await fleet.fleet(Self.words(release, to: environment))
                    try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                }
                let next = try await fleet.build("72.1")
                let end = try await fleet.fleet(Self.words(next, to: "staging"))
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")

                let places = ["diff", "hello", "--env", "production", "--to-env", "staging"]
                let beside = try await fleet.fleet(places)
                try #require(beside.code == ExitCode.succeeded.rawValue, "\(beside)")
                for words in ["- 72.0-", "+ 72.1-", "  artifact  ", "  config    GREETING: hello -> staged"] {
                    #expect(beside.output.contains(words), "\(beside)")
                }

                try Self.describe(fleet, proven: "1h", greeting: "hi")
                let ahead = try await fleet.fleet("diff", "hello", "--env", "production", code: .succeeded)
                #expect(ahead.output.contains("  config    GREETING: hello -> hi\n"), "\(ahead)")
                #expect(!ahead.output.contains("artifact"), "\(ahead)")
                let changed = try await fleet.fleet(Self.words(release, to: "production"))
                try #require(changed.code == ExitCode.succeeded.rawValue, "\(changed)")
                #expect(changed.messages.contains("config    GREETING: hello -> hi"), "\(changed)")
                #expect(changed.messages.contains("proven    in production by R2,"), "\(changed)")
                let variables = "cat /srv/hello/current/.fleet/config.env"
                #expect(try await fleet.shell(2, variables).contains("GREETING=\"hi\""))
                let place = ["hello", "--env", "production", "--yes"]
                let back = try await fleet.fleet(["rollback"] + place)
                try #require(back.code == ExitCode.succeeded.rawValue, "\(back)")
                #expect(back.messages.contains("config    GREETING: hi -> hello"), "\(back)")
                #expect(try await fleet.shell(2, variables).contains("GREETING=\"hello\""))
            }
        }

        @Test("In an emergency the approver reads what was lacking and why; it stands in the ledger: exit code 0")
        func emergency() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, proven: "1h", production: ["approvals: 1"])
                try await fleet.makeKey("dana")
                try await fleet.demandApproval(by: ["dana"])
                let fix = try await fleet.build("71.0")
                let mute = try await fleet.fleet(Self.words(fix, to: "production") + ["--unproven"])
                #expect(mute.code == ExitCode.usage.rawValue && mute.messages.contains("--reason"), "\(mute)")
                let rollout = try fleet.startFleet(
                    Self.words(fix, to: "production") + ["--unproven", "--reason", "CVE-2026-1"]
                )
                try await fleet.waits(for: "needs the approval of 1 person", from: rollout)
                let approved = try await fleet.fleet("approve", "--key", "dana", "--yes", code: .succeeded)
                let lacking = "UNPROVEN  nothing was rolled out with success to staging"
                #expect(approved.messages.contains(lacking), "\(approved)")
                #expect(approved.messages.contains("CVE-2026-1"), "\(approved)")
                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expectAnswer(2, "71.0")
                let why = try await fleet.fleet("why", code: .succeeded)
                #expect(why.output.contains(lacking), "\(why)")
                let audit = try await fleet.fleet("audit", "export", code: .succeeded).output
                #expect(audit.contains(#""unproven":["nothing was rolled out with success to staging"]"#), "\(audit)")
            }
        }
    }
}
