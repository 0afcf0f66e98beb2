import Foundation
import Model
import Testing

extension EndToEnd {
    /// Rollouts of several services on the same hosts, and one that takes another's place.
    @Suite struct ConcurrencyTests {
        /// `hello` stops behind its canary until somebody promotes it; `worker` comes after it where `after` says so.
        private static func describe(_ fleet: Fleet, after: Bool) throws {
            let hosts = (1...fleet.count).map { "{name: h\($0), address: \(fleet.address($0))}" }.joined(
                separator: ", "
            )
            let text = """
                fleet: e2e
                services:
                  hello:
                    environments:
                      test:
                        hosts: [\(hosts)]
                        capacity: {floor: 0}
                        config: {GREETING: hello}
                        stages: [{canary: 1, gates: [look]}, {rest: true}]
                        gates: {look: {person: does the canary work?}}
                  worker:
                    environments:
                      test: {hosts: [\(hosts)], capacity: {floor: 0}\(after ? ", after: [hello]" : "")}

                """
            try text.write(toFile: "\(fleet.directory)/fleet.yml", atomically: true, encoding: .utf8)
        }

        private static func words(_ release: ExampleRelease, _ more: String...) -> [String] {
            let place = ["--version", release.version, "--env", FleetFile.environment, "--yes"]
            return ["rollout", release.service, release.path] + place + more
        }

        @Test("Two services on the same hosts change one after the other, unless somebody says alongside: exit code 0")
        func waits() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, after: false)
                let first = try fleet.startFleet(Self.words(try await fleet.build("74.0")))
                try await fleet.waits(for: "waits at gate look", from: first)

                let worker = try await fleet.build("74.0", of: "worker")
                let second = try fleet.startFleet(Self.words(worker))
                let waiting = "waits for the end of R1 of hello in test, which changes 2 of these hosts, too"
                try await fleet.waits(for: waiting, from: second)
                let why = try await fleet.fleet("why", "R2", code: .succeeded)
                #expect(why.output.contains(waiting), "\(why)")
                #expect(try await fleet.shell(1, "test -e /srv/worker/current || echo none").contains("none"))

                _ = try await fleet.fleet("promote", "R1", code: .succeeded)
                for rollout in [first, second] {
                    let end = try await rollout.end()
                    try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                }
                for host in 1...2 { try await fleet.expectReport(host, of: "worker", runs: "74.0", phase: .committed) }

                let third = try fleet.startFleet(Self.words(try await fleet.build("74.1")))
                try await fleet.waits(for: "waits at gate look", from: third)
                let next = try await fleet.build("74.1", of: "worker")
                let beside = try await fleet.fleet(Self.words(next, "--alongside"))
                try #require(beside.code == ExitCode.succeeded.rawValue, "\(beside)")
                #expect(beside.messages.contains("alongside R3 of hello in test"), "\(beside)")
                let place = ["worker", "--env", FleetFile.environment, "--yes", "--alongside"]
                let restart = try await fleet.fleet(["restart"] + place)
                try #require(restart.code == ExitCode.succeeded.rawValue, "\(restart)")
                #expect(restart.messages.contains("alongside R3 of hello in test"), "\(restart)")
                _ = try await fleet.fleet("promote", "R3", code: .succeeded)
                let end = try await third.end()
                #expect(end.code == ExitCode.succeeded.rawValue, "\(end)")
            }
        }

        @Test(
            "A hotfix takes the place of a bad release at its canary; what comes after that one is refused: 0, 7 and 3"
        )
        func supersedes() async throws {
            try await FleetPool.shared.fresh(hosts: 2) { fleet in
                try Self.describe(fleet, after: true)
                let bad = try fleet.startFleet(Self.words(try await fleet.build("75.0")))
                try await fleet.waits(for: "waits at gate look", from: bad)
                let after = try fleet.startFleet(Self.words(try await fleet.build("75.0", of: "worker")))
                try await fleet.waits(for: "must succeed", from: after)

                let fix = try await fleet.build("75.1")
                let hotfix = try fleet.startFleet(Self.words(fix, "--supersede", "R1", "--reason", "the canary burns"))
                try await fleet.waits(for: "supersedes R1, which is aborted first", from: hotfix)
                let aborted = try await bad.end()
                #expect(aborted.code == ExitCode.aborted.rawValue, "\(aborted)")
                #expect(aborted.messages.contains("the canary burns") || aborted.output.contains("the canary burns"))
                let refused = try await after.end()
                #expect(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect(refused.output.contains("worker comes after hello, whose R1 ended aborted"), "\(refused)")

                try await fleet.waits(for: "waits at gate look", from: hotfix)
                _ = try await fleet.fleet("promote", "R3", code: .succeeded)
                let end = try await hotfix.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                for host in 1...2 { try await fleet.expectReport(host, of: "hello", runs: "75.1", phase: .committed) }
            }
        }
    }
}
