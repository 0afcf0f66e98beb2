import Foundation
import Testing

/// A build of the agent that a scenario rolls out: that of the packages, or one that does not work.
enum AgentBuild: String, CaseIterable, Sendable {
    case good
    /// No program at all.
    case broken
    case exitsAtOnce
    /// Never says that it is ready.
    case hangs
    /// Says so, and does nothing else.
    case readyAndDeaf
    /// Runs, where its coordinator does not look for it.
    case listensElsewhere
    /// Is given a file that is no configuration.
    case misconfigured

    /// What stands in the place of the program, which then is `agent.real` beside it; nil for the program itself.
    fileprivate var program: String? {
        switch self {
        case .good: nil
        case .broken: "\u{1}\u{2}\u{3} no program\n"
        case .exitsAtOnce: "#!/bin/sh\nexit 1\n"
        case .hangs: "#!/bin/sh\nexec sleep infinity\n"
        case .readyAndDeaf:
            """
            #!/usr/bin/python3
            import os, socket, time
            path = os.environ["NOTIFY_SOCKET"]
            notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            notices.connect("\\0" + path[1:] if path[0] == "@" else path)
            notices.send(b"READY=1")
            while True: time.sleep(60)

            """
        case .listensElsewhere:
            """
            #!/bin/sh
            [ "$1" = run ] || exec "${0%/*}/agent.real" "$@"
            sed '/^listen:/d' /etc/fleet/agent.yml >/var/lib/fleet/elsewhere.yml
            echo 'listen: 127.0.0.1:7999' >>/var/lib/fleet/elsewhere.yml
            exec "${0%/*}/agent.real" run --config /var/lib/fleet/elsewhere.yml

            """
        case .misconfigured: "#!/bin/sh\nexec \"${0%/*}/agent.real\" run --config /etc/os-release\n"
        }
    }
}

extension Fleet {
    /// A release of the agent in the workspace, from the packages that the hosts have.
    func agent(_ version: String, _ build: AgentBuild = .good) async throws -> ExampleRelease {
        func package(_ name: String) throws -> String {
            try #require(try Self.tools.packages.first { $0.contains("/\(name)_") }, "there is no package \(name)")
        }
        let path = "dist/fleet-agent-\(version)"
        let script = "\(Machine.checkout)/packaging/agent-release"
        let words = [script, try package("fleet-agent"), try package("fleet-unpack"), "\(directory)/\(path)"]
        let end = try await start(words, subject: "agent-release").end(within: .seconds(120))
        try #require(end.code == 0, "\(end)")
        let release = ExampleRelease(service: "fleet-agent", version: version, path: path)
        // Shorter than for people, who do not wait for builds that hang.
        try edit(release, "service.yml", replace: "start_timeout: 30s", with: "start_timeout: 8s")
        guard let program = build.program else { return release }
        let place = "\(directory)/\(path)/usr/bin/agent"
        try FileManager.default.moveItem(atPath: place, toPath: "\(place).real")
        // No two versions of the same bytes: what was taken back once is quarantined.
        try (program + "# \(version)\n").write(toFile: place, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
        return release
    }

    /// The process of a unit on each of the hosts, as systemd knows it.
    func processes(of unit: String) async throws -> [String] {
        var found: [String] = []
        for host in 1...count { found.append(try await shell(host, "systemctl show -P MainPID \(unit)")) }
        return found
    }

    /// Which program a host's agent is, seen from its kernel.
    func agentProgram(_ host: Int) async throws -> String {
        try await shell(host, "readlink /proc/$(systemctl show -P MainPID agent.service)/exe")
    }
}
