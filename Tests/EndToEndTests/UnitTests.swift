import Model
import Testing

extension EndToEnd {
    /// Units that were there before, and releases without a unit of their own.
    @Suite struct UnitTests {
        @Test("A unit that somebody else installed is refused; adopted, it comes back when the release is taken back")
        func foreign() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                let unit = "/etc/systemd/system/legacy.service"
                try fleet.describe(FleetFile(service: "legacy", floor: "0"))
                try await fleet.shell(
                    1,
                    """
                    printf '[Service]\\nExecStart=/bin/sleep 1d\\n\\n[Install]\\nWantedBy=multi-user.target\\n' >\(unit)
                    systemctl daemon-reload; systemctl enable --now --quiet legacy.service
                    """
                )
                let before = try await fleet.shell(1, "cat \(unit)")
                let pid = try await fleet.shell(1, "systemctl show -P MainPID legacy.service")
                let bad = try fleet.write(HandMade(service: "legacy", version: "1.0", run: "exit 7"))

                let refused = try await fleet.rollOut(bad, code: .refused)
                #expect("\(refused)".contains("unit.foreign") && "\(refused)".contains("--adopt"), "\(refused)")
                #expect(try await fleet.shell(1, "systemctl show -P MainPID legacy.service") == pid)

                try await fleet.rollOut(bad, "--adopt", code: .rolledBack)
                #expect(try await fleet.shell(1, "cat \(unit)") == before)
                let state = try await fleet.shell(
                    1,
                    "systemctl show -P ActiveState -P FragmentPath -P UnitFileState legacy.service"
                )
                #expect(state.split(separator: "\n") == ["active", "\(unit)", "enabled"], "\(state)")
                let report = try await fleet.service(1, "legacy")
                #expect(report.current == nil && report.operation?.phase == .reverted, "\(report)")

                let good = try fleet.write(HandMade(service: "legacy", version: "1.1"))
                try await fleet.rollOut(good, "--adopt", code: .succeeded)
                try await fleet.expectReport(1, of: "legacy", runs: "1.1", phase: .committed)
                #expect(try await fleet.shell(1, "cat \(unit)").contains("/srv/legacy/current/bin/run"))
            }
        }

        @Test("A masked unit is somebody's decision: it is refused, and the mask comes back on revert")
        func masked() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "veiled", floor: "0"))
                try await fleet.shell(1, "systemctl mask --quiet veiled.service")
                let bad = try fleet.write(HandMade(service: "veiled", version: "1.0", run: "exit 7"))
                let refused = try await fleet.rollOut(bad, code: .refused)
                #expect("\(refused)".contains("unit.foreign"), "\(refused)")

                try await fleet.rollOut(bad, "--adopt", code: .rolledBack)
                let state = "readlink /etc/systemd/system/veiled.service; systemctl show -P LoadState veiled.service"
                #expect(try await fleet.shell(1, state) == "/dev/null\nmasked")
                let report = try await fleet.service(1, "veiled")
                #expect(report.current == nil && report.operation?.phase == .reverted, "\(report)")

                let good = try fleet.write(HandMade(service: "veiled", version: "1.1"))
                try await fleet.rollOut(good, "--adopt", code: .succeeded)
                try await fleet.expectReport(1, of: "veiled", runs: "1.1", phase: .committed)
            }
        }

        @Test("Strategy none switches files and starts nothing")
        func filesOnly() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "files", floor: "0"))
                // Also where nobody could check anything: what is linked is all there is to be healthy.
                for (version, checks) in [("1.0", ["checks:", "  - file: bin/run"]), ("1.1", [])] {
                    let release = HandMade(
                        service: "files",
                        version: version,
                        spec: ["strategy: none"] + checks,
                        unit: nil
                    )
                    try await fleet.rollOut(try fleet.write(release), code: .succeeded)
                    let report = try await fleet.expectReport(1, of: "files", runs: version, phase: .committed)
                    #expect(report.unit == nil, "\(report)")
                    try await fleet.shell(1, "readlink /srv/files/current | grep -F releases/\(version)-")
                }
                try await fleet.shell(1, "test ! -e /etc/systemd/system/files.service")
            }
        }

        @Test("A unit that exists on the host is stopped and started, and stays as it is")
        func existing() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                try fleet.describe(FleetFile(service: "guest", floor: "0"))
                let unit = "/etc/systemd/system/house.service"
                func release(_ version: String) -> HandMade {
                    let run = "echo \(version) >/run/house\nexec sleep infinity"
                    let spec = ["unit: {existing: house.service}"]
                    return HandMade(service: "guest", version: version, spec: spec, unit: nil, run: run)
                }
                let first = try fleet.write(release("1.0"))
                let refused = try await fleet.rollOut(first, code: .refused)
                #expect("\(refused)".contains("house.service"), "\(refused)")

                try await fleet.shell(
                    1,
                    "printf '[Service]\\nExecStart=/srv/guest/current/bin/run\\n' >\(unit); systemctl daemon-reload"
                )
                let before = try await fleet.shell(1, "stat -c '%Y %i %s' \(unit)")
                for release in [first, try fleet.write(release("1.1"))] {
                    try await fleet.rollOut(release, code: .succeeded)
                    let report = try await fleet.expectReport(1, of: "guest", runs: release.version, phase: .committed)
                    #expect(report.unit?.unit.text == "house.service" && report.unit?.active == "active", "\(report)")
                    #expect(try await fleet.shell(1, "cat /run/house") == release.version)
                }
                #expect(try await fleet.shell(1, "stat -c '%Y %i %s' \(unit)") == before)
            }
        }

        @Test("A credential that the host lacks is found in prepare; with it, the service and its checks read it")
        func credential() async throws {
            try await FleetPool.shared.lend(hosts: 1) { fleet in
                var file = FleetFile(service: "secretive", floor: "0")
                file.settings = ["secrets: {API_KEY: {credential: e2e-api-key}}"]
                try fleet.describe(file)
                let run = "cat \"$CREDENTIALS_DIRECTORY/API_KEY\" >/run/secretive\nexec sleep infinity"
                let release = try fleet.write(
                    HandMade(
                        service: "secretive",
                        version: "1.0",
                        spec: ["checks:", "  - command: [bin/check]"],
                        run: run,
                        scripts: ["check": "cmp \"$CREDENTIALS_DIRECTORY/API_KEY\" /run/secretive"]
                    )
                )

                let refused = try await fleet.rollOut(release, code: .refused)
                #expect("\(refused)".contains("credential.missing"), "\(refused)")
                #expect("\(refused)".contains("e2e-api-key is missing on h1"), "\(refused)")
                try await fleet.expectNothing(1, of: "secretive")

                try await fleet.shell(1, "mkdir -p /etc/credstore; echo s3cret >/etc/credstore/e2e-api-key")
                try await fleet.rollOut(release, code: .succeeded)
                try await fleet.expectReport(1, of: "secretive", runs: "1.0", phase: .committed)
                #expect(try await fleet.shell(1, "cat /run/secretive") == "s3cret")

                // Its next version is another file, and a release of its own.
                file.settings = ["secrets: {API_KEY: {credential: e2e-api-key@2}}"]
                try fleet.describe(file)
                let early = try await fleet.rollOut(release, code: .refused)
                #expect("\(early)".contains("e2e-api-key@2 is missing on h1"), "\(early)")
                try await fleet.shell(1, "echo n3w >/etc/credstore/e2e-api-key@2")
                let done = try await fleet.rollOut(release, code: .succeeded)
                let step = "API_KEY: credential e2e-api-key -> credential e2e-api-key@2"
                #expect(done.messages.contains(step), "\(done)")
                #expect(try await fleet.shell(1, "cat /run/secretive") == "n3w")
            }
        }
    }
}
