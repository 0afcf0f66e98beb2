import Model
import Testing

extension EndToEnd {
    /// Hosts that are not there when their turn comes.
    @Suite struct AbsenceTests {
        @Test("One host of five is off: paused with the arithmetic; with a lower floor the others change, exit code 6")
        func offBefore() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "5.0", FleetFile())
                try await fleet.power("kill", 5)
                let next = try await fleet.build("5.1")

                let paused = try await fleet.rollOut(next, code: .paused)
                #expect(paused.output.contains("4 of 5 in service - 1 = 3 < floor 4"), "\(paused)")
                #expect(paused.output.contains("fleet resume --floor 3 --reason"), "\(paused)")
                try await fleet.expectVersions("5.0", 1...4)

                let resumed = try await fleet.fleet(
                    "resume",
                    "--floor",
                    "3",
                    "--reason",
                    "h5 is broken",
                    code: .incomplete
                )
                #expect(resumed.output.contains("h5"), "\(resumed)")
                try await fleet.expect(1...4, run: "5.1", phase: .committed)

                try await fleet.power("start", 5)
                try await fleet.waitForLook(5)
                try await fleet.expect([5], run: "5.0")
                try await fleet.rollOut(next, code: .succeeded)
                try await fleet.expect(1...5, run: "5.1")
            }
        }

        @Test("A host that is off can be left out of the plan, if the floor allows it: exit code 6")
        func skipped() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "5.2", FleetFile(floor: "3"))
                try await fleet.power("kill", 5)
                let next = try await fleet.build("5.3")
                let end = try await fleet.rollOut(next, "--skip", "h5", "--reason", "h5 is broken", code: .incomplete)
                #expect(end.output.contains("h5"), "\(end)")
                try await fleet.expect(1...4, run: "5.3", phase: .committed)
                try await fleet.power("start", 5)
                try await fleet.waitForLook(5)
                try await fleet.expect([5], run: "5.2")
            }
        }

        @Test("A ramp goes on without a host that is off where fleet.yml says so, as its rehearsal did: code 6")
        func leftOut() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                var file = FleetFile(floor: "3", window: 2, stages: ["ramp: [1, 50%, 100%]"])
                file.settings = ["offline: {skip: 1}", "bake: {first: 2s, least: 1s}"]
                try await fleet.begin(with: "5.9", file)
                let next = try await fleet.build("5.10")
                let words = ["hello", "dist/hello-5.10", "--version", "5.10", "--env", FleetFile.environment]
                let rehearsed = try await fleet.fleet(["rehearse"] + words)
                #expect(rehearsed.output.contains(/a host is off from the start +[0-9]+ +incomplete\b/), "\(rehearsed)")
                let planned = try await fleet.fleet(["plan"] + words)
                #expect(planned.output.contains("  expected  about "), "\(planned)")

                try await fleet.power("kill", 5)
                let end = try await fleet.rollOut(next, code: .incomplete)
                #expect(end.messages.contains("h5 can't be reached: goes on without it"), "\(end)")
                let starts = end.messages.matches(of: /(h[1-5]) switches to 5\.10/).map { String($0.output.1) }
                #expect(starts.count == 4 && Set(starts) == ["h1", "h2", "h3", "h4"], "\(end)")
                try await fleet.expect(1...4, run: "5.10", phase: .committed)
                try await fleet.power("start", 5)
                try await fleet.waitForLook(5)
                try await fleet.expect([5], run: "5.9")
            }
        }

        @Test(
            "A stage that keeps more than the environment must waits for the host that it lacks, then goes on: code 0"
        )
        func stageFloor() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                var file = FleetFile(floor: "2", stages: ["canary: 1", "rest: true, floor: 80%"])
                file.settings = ["offline: {skip: 1}"]
                try await fleet.begin(with: "5.11", file)
                let next = try await fleet.build("5.12")
                let words = ["hello", "dist/hello-5.12", "--version", "5.12", "--env", FleetFile.environment]
                let planned = try await fleet.fleet(["plan"] + words)
                #expect(planned.output.contains("1 at a time, floor 4 of 5"), "\(planned)")

                try await fleet.power("kill", 5)
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.eventually("the rest waits") {
                    let why = try await fleet.fleet("why")
                    return why.output.contains("4 of 5 in service - 1 = 3 < floor 4")
                }
                try await fleet.expectVersions("5.12", [1])
                try await fleet.expectVersions("5.11", 2...4)

                try await fleet.power("start", 5)
                let end = try await rollout.end()
                #expect(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "5.12", phase: .committed)
            }
        }

        @Test(
            "A canary that was named and is off: paused, and nobody has the release; once it is back, it proves it: 5 and 0"
        )
        func namedCanary() async throws {
            try await FleetPool.shared.lend(hosts: 3) { fleet in
                var file = FleetFile(floor: "1", stages: ["canary: [h3]", "rest: true"])
                file.settings = ["offline: {skip: 1}"]
                try await fleet.begin(with: "5.13", file)
                let next = try await fleet.build("5.14")
                try await fleet.power("kill", 3)
                let paused = try await fleet.rollOut(next, code: .paused)
                #expect(paused.output.contains("no canary could be changed (h3)"), "\(paused)")
                try await fleet.expectVersions("5.13", 1...2)

                try await fleet.power("start", 3)
                try await fleet.waitForLook(3)
                let end = try await fleet.fleet("resume")
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                let starts = end.messages.matches(of: /(h[1-3]) switches to 5\.14/).map { String($0.output.1) }
                #expect(starts.first == "h3", "\(end)")
                try await fleet.expect(1...3, run: "5.14", phase: .committed)
            }
        }

        @Test("A host that turns out to be off is left out of the paused rollout: the others change, exit code 6")
        func skippedLater() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "5.7", FleetFile(floor: "3"))
                try await fleet.power("kill", 5)
                let next = try await fleet.build("5.8")
                let paused = try await fleet.rollOut(next, code: .paused)
                let label = try #require(paused.output.firstMatch(of: /R[0-9]+/), "\(paused)")
                try await fleet.expectVersions("5.7", 1...4)

                let words = ["resume", String(label.output), "--skip", "h5", "--reason", "h5 is broken"]
                let end = try await fleet.fleet(words)
                try #require(end.code == ExitCode.incomplete.rawValue, "\(end)")
                #expect(end.output.contains("h5"), "\(end)")
                try await fleet.expect(1...4, run: "5.8", phase: .committed)
                try await fleet.power("start", 5)
                try await fleet.expectVersions("5.7", [5])
            }
        }

        @Test("A host that loses power while it waits counts as failed: everything goes back, exit code 4")
        func offDuring() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "5.4", FleetFile(floor: "3"))
                let next = try await fleet.build("5.5", healthyFor: "3s")
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h2 switches", from: rollout)
                try await fleet.power("kill", 4)
                let end = try await rollout.end()
                try #require(end.code == ExitCode.rolledBack.rawValue, "\(end)")
                #expect(end.output.contains("h4"), "\(end)")
                try await fleet.expect([1, 2, 3, 5], run: "5.4")
                try await fleet.power("start", 4)
                try await fleet.expectAnswer(4, "5.4")

                // It still has the claim of the rollout that ended without it, which stands in nobody's way.
                try await fleet.rollOut(try await fleet.build("5.6"), code: .succeeded)
                try await fleet.expect(1...5, run: "5.6", phase: .committed)
            }
        }
    }
}

extension Fleet {
    /// Fails unless these hosts answer as that version, whatever else is under way.
    func expectVersions(_ version: String, _ hosts: some Sequence<Int>) async throws {
        for host in hosts { try await expectAnswer(host, version) }
    }
}
