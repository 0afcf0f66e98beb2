import Model
import Testing

extension EndToEnd {
    /// What people do to hosts behind Fleet's back: shown, in the way of rollouts, and repaired by choice.
    @Suite struct DriftTests {
        /// One thing that somebody did on a host.
        struct Kind: Sendable {
            let script: String
            /// What `fleet status` says of it.
            let words: String
            let repair: Repair
        }

        enum Repair {
            case onTheHost
            case byRestart
        }

        private static let kinds = [
            Kind(
                script: "echo '# edited' >>/srv/hello/current/service.yml",
                words: "changed: service.yml",
                repair: .onTheHost
            ),
            Kind(
                script: "echo '# edited' >>/etc/systemd/system/hello.service; systemctl daemon-reload",
                words: "unit file hello.service was changed",
                repair: .byRestart
            ),
            Kind(
                script: "rm /etc/systemd/system/hello.service.d/10-fleet.conf; systemctl daemon-reload",
                words: "10-fleet.conf of hello.service is missing",
                repair: .onTheHost
            ),
            Kind(
                script: "echo GREETING=moin >>/srv/hello/current/.fleet/config.env",
                words: "changed: .fleet/config.env",
                repair: .byRestart
            ),
            Kind(
                script: "ln -sfn \"$(readlink /srv/hello/previous)\" /srv/hello/current",
                words: "current names 32.0-",
                repair: .byRestart
            ),
            Kind(
                script: "systemctl stop hello.service",
                words: "hello.service is inactive (dead), expected active: it was stopped",
                repair: .byRestart
            ),
        ]

        @Test("Each kind of drift is shown with exit code 3, keeps rollouts out by its name, and is repaired exactly")
        func eachKind() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                let file = FleetFile(hosts: [1, 2], floor: "1")
                try await fleet.begin(with: "32.0", file)
                try await fleet.rollOut(try await fleet.build("32.1"), code: .succeeded)
                let next = try await fleet.build("32.2")
                let untouched = try await fleet.shell(1, "systemctl show -P MainPID hello.service")
                for kind in Self.kinds {
                    try await fleet.shell(2, kind.script)
                    try await fleet.shows(kind.words, of: 2)
                    let refused = try await fleet.rollOut(next, code: .refused)
                    #expect(refused.output.contains("not as released: h2"), "\(refused)")
                    #expect(refused.output.contains("--repair-drift"), "\(refused)")
                    switch kind.repair {
                    case .onTheHost: try await fleet.shell(2, "agent repair hello >&2")
                    case .byRestart:
                        let restart = ["restart", "hello", "--env", FleetFile.environment, "--repair-drift", "--yes"]
                        let end = try await fleet.fleet(restart)
                        try #require(end.code == ExitCode.succeeded.rawValue, "\(kind.script): \(end)")
                    }
                    try await fleet.shell(2, "agent verify hello >&2")
                    try await fleet.eventually("h2 is as released") { try await fleet.fleet("status").code == 0 }
                    try await fleet.expect(1...2, run: "32.1")
                    #expect(try await fleet.service(2).held == nil)
                }
                // What had not drifted was left alone throughout.
                #expect(try await fleet.shell(1, "systemctl show -P MainPID hello.service") == untouched)
            }
        }

        @Test("A rollout that repairs goes over a changed tree; the way back is whole, the host's own settings stay")
        func onTheWay() async throws {
            try await FleetPool.shared.lend(hosts: 5) { fleet in
                try await fleet.begin(with: "32.3", FleetFile(hosts: [1, 2], floor: "1"))
                try await fleet.shell(
                    2,
                    """
                    printf '[Service]\\nEnvironment=OWN=1\\n' >/etc/systemd/system/hello.service.d/50-own.conf
                    systemctl daemon-reload; echo '# edited' >>/srv/hello/current/service.yml
                    """
                )
                let shown = try await fleet.shows("changed: service.yml", of: 2)
                #expect(shown.output.contains("added on the host: hello.service has a drop-in"), "\(shown)")
                try await fleet.rollOut(try await fleet.build("32.4"), "--repair-drift", code: .succeeded)
                try await fleet.expect(1...2, run: "32.4", phase: .committed)
                let rollback = ["rollback", "hello", "--env", FleetFile.environment, "--yes"]
                let back = try await fleet.fleet(rollback)
                try #require(back.code == ExitCode.succeeded.rawValue, "\(back)")
                try await fleet.expect(1...2, run: "32.3")
                let own = "/etc/systemd/system/hello.service.d/50-own.conf"
                try await fleet.shell(2, "agent verify hello >&2; test -e \(own)")
                try await fleet.eventually("only the host's own setting is left") {
                    let status = try await fleet.fleet("status")
                    return status.code == 0 && status.output.contains("added on the host")
                }
                try await fleet.shell(2, "rm \(own); systemctl daemon-reload")
            }
        }
    }
}

extension Fleet {
    /// Waits until `fleet status` says that of a host, with the exit code of a host that is not as released.
    @discardableResult
    func shows(_ words: String, of host: Int, at location: SourceLocation = #_sourceLocation) async throws -> Child.End
    {
        var seen: Child.End?
        try await eventually("h\(host): \(words)", at: location) {
            let status = try await fleet("status")
            seen = status
            return status.code == ExitCode.refused.rawValue && status.output.contains("h\(host): drift: \(words)")
        }
        return try #require(seen)
    }
}
