import Model
import Testing

extension EndToEnd {
    /// What is refused before anything changes: exit code 3.
    @Suite struct RefusalTests {
        @Test("A floor that can't be met is refused with the numbers and the nearest one that works")
        func floor() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "6.0", FleetFile(floor: "95%"))
                let next = try await fleet.build("6.1")
                // In the file it is a mistake of the file, with its line.
                let written = try await fleet.rollOut(next, code: .usage)
                #expect(written.messages.contains("95% is 5 of 5"), "\(written)")
                #expect(written.messages.contains("the nearest floor that works is 4"), "\(written)")

                // With a host left out the plan can't keep it.
                try fleet.describe(FleetFile(floor: "4"))
                let end = try await fleet.rollOut(next, "--skip", "h5", "--reason", "a try", code: .refused)
                #expect(end.messages.contains("floor") && end.messages.contains("3"), "\(end)")
                try await fleet.expect(1...5, run: "6.0")
            }
        }

        @Test("Provenance by a key that the hosts don't trust is refused by them, with a coordinator and without")
        func signature() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "6.2", FleetFile(floor: "4"))
                let release = try await fleet.build("6.3")
                let key = "\(fleet.directory)/stranger.pem"
                let made = try await fleet.start(
                    ["openssl", "genpkey", "-algorithm", "ed25519", "-out", key],
                    subject: "openssl"
                ).end()
                try #require(made.code == 0, "\(made)")
                let artifact = try await fleet.artifact(
                    release,
                    key: ["--key", key, "--builder", "https://stranger.example"]
                )

                let end = try await fleet.fleet(
                    "rollout",
                    "hello",
                    "--artifact",
                    artifact,
                    "--version",
                    "6.3",
                    "--env",
                    FleetFile.environment,
                    "--yes",
                    code: .refused
                )
                #expect("\(end)".contains("provenance"), "\(end)")
                try await fleet.expect(1...5, run: "6.2")

                try await fleet.bring(artifact, to: 1)
                let local = try await fleet.onHost(
                    1,
                    "agent",
                    "apply",
                    "/root/hello-6.3.tar",
                    "--env",
                    FleetFile.environment
                )
                try #require(local.code == ExitCode.refused.rawValue, "\(local)")
                try await fleet.expectVersions("6.2", [1])
            }
        }

        @Test("A host whose policy demands two builders takes nothing that one of them vouches for")
        func policy() async throws {
            try await FleetPool.shared.fresh(hosts: 1) { fleet in
                try fleet.describe(FleetFile(floor: "0"))
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                try await fleet.shell(
                    1,
                    "echo 'rules: [{environment: \(FleetFile.environment), builders: 2}]' >/etc/fleet/trust/policy.yml"
                )
                let artifact = try await fleet.artifact(try await fleet.build("1.1"))
                let rollout = [
                    "rollout", "hello", "--artifact", artifact, "--version", "1.1", "--env", FleetFile.environment,
                    "--yes",
                ]
                let refused = try await fleet.fleet(rollout)
                try #require(refused.code == ExitCode.refused.rawValue, "\(refused)")
                #expect("\(refused)".contains("1 of the 2 distinct trusted keys"), "\(refused)")
                try await fleet.expect([1], run: "1.0")

                let (key, builder) = ("second.pem", "https://second.example")
                try await fleet.trustNewBuilder(builder, key: key, on: 1)
                let second = ["--key", key, "--builder", builder, "--out", "second.json"]
                let signed = try await fleet.fleet(["artifact", "sign", artifact] + second)
                try #require(signed.code == ExitCode.succeeded.rawValue, "\(signed)")
                let taken = try await fleet.fleet(rollout + ["--provenance", "second.json"])
                try #require(taken.code == ExitCode.succeeded.rawValue, "\(taken)")
                try await fleet.expect([1], run: "1.1", phase: .committed)
            }
        }

        @Test("Two rollouts from two ledgers: the second is refused, and told who holds the hosts")
        func twoLedgers() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "6.4", FleetFile(floor: "4"))
                try await fleet.makeSecondLedger()
                let next = try await fleet.build("6.5", healthyFor: "3s")
                let third = try await fleet.build("6.6")
                let rollout = try fleet.startFleet(next.rollout)
                try await fleet.waits(for: "h1 switches", from: rollout)

                let other = try await fleet.fleet(
                    third.rollout + ["--file", "other/fleet.yml"]
                )
                try #require(other.code == ExitCode.refused.rawValue, "\(other)")
                #expect("\(other)".contains("is held by R") && "\(other)".contains("tester@"), "\(other)")

                let end = try await rollout.end()
                try #require(end.code == ExitCode.succeeded.rawValue, "\(end)")
                try await fleet.expect(1...5, run: "6.5", phase: .committed)
            }
        }

        @Test("A disk that would fill up is found in prepare: nothing changes")
        func diskFull() async throws {
            try await FleetPool.shared.fresh(hosts: 2, disk: "640M") { fleet in
                try fleet.describe(FleetFile(floor: "1"))
                try await fleet.rollOut(try await fleet.build("1.0"), code: .succeeded)
                let end = try await fleet.rollOut(try await fleet.build("1.1", fault: "bulk=90M"), code: .refused)
                // Where the artifact has no room, or what is in it.
                #expect("\(end)".contains("free some space") && "\(end)".contains("in reserve"), "\(end)")
                try await fleet.expect(1...2, run: "1.0")
                let names = try await fleet.shell(1, "ls -A /srv/hello/releases")
                #expect(!names.contains("1.1"), "\(names)")
            }
        }
    }
}

extension Fleet {
    /// Makes a key in the workspace that the host believes from now on.
    func trustNewBuilder(_ builder: String, key: String, on host: Int) async throws {
        let made = try await beside(
            ["sh", "-euc", "openssl genpkey -algorithm ed25519 -out \(key); openssl pkey -in \(key) -pubout"],
            subject: "openssl"
        ).end()
        try #require(made.code == 0, "\(made)")
        let pem = made.output.replacing("\n", with: "\\n")
        let entry = #"{"builder": "\#(builder)", "key": "\#(pem)"}"#
        try await shell(host, "cat >/etc/fleet/trust/builders/second.json <<'END'\n\(entry)\nEND")
    }

    /// Copies an artifact and its provenance from the workspace to `/root` of a host.
    func bring(_ artifact: String, to host: Int) async throws {
        let files = [artifact, "\(artifact).provenance.json"].map { "\(directory)/\($0)" }
        let end = try await beside(["scp", "-q"] + files + ["root@h\(host):"], subject: "scp").end()
        try #require(end.code == 0, "\(end)")
    }
}
