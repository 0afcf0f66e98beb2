import Foundation
import Model
import Testing

extension Fleet {
    /// Runs a command in a host.
    @discardableResult
    func onHost(_ host: Int, _ command: String...) async throws -> Child.End { try await onHost(host, command) }

    @discardableResult
    func onHost(_ host: Int, _ command: [String]) async throws -> Child.End {
        let subject = "h\(host)-\(command[0].split(separator: "/").last ?? "")"
        return try await start([Machine.script("hosts/exec"), "\(host)"] + command, subject: subject)
            .end(within: .seconds(120))
    }

    /// Runs a shell script in a host, which must succeed; answers what it printed.
    @discardableResult
    func shell(_ host: Int, _ script: String, at location: SourceLocation = #_sourceLocation) async throws -> String {
        let end = try await onHost(host, "sh", "-euc", script)
        try #require(end.code == 0, "\(end)", sourceLocation: location)
        return end.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// What `agent status --json` says in a host.
    func status(_ host: Int, at location: SourceLocation = #_sourceLocation) async throws -> HostReport {
        let end = try await onHost(host, "agent", "status", "--json")
        try #require(end.code == 0, "\(end)", sourceLocation: location)
        return try JSONDecoder().decode(HostReport.self, from: Data(end.output.utf8))
    }

    /// What a host's agent says of one service.
    func service(
        _ host: Int,
        _ name: String = "hello",
        at location: SourceLocation = #_sourceLocation
    ) async throws -> ServiceReport {
        let report = try await status(host, at: location)
        let found = report.services.first { $0.service.text == name }
        return try #require(found, "h\(host) knows nothing of \(name): \(report)", sourceLocation: location)
    }

    /// Fails unless each of these hosts runs that version: healthy, with nothing under way, and so says its own systemd.
    func expect(
        _ hosts: some Sequence<Int>,
        run version: String,
        of name: String = "hello",
        phase: ActivationPhase? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        for host in hosts {
            try await expectReport(host, of: name, runs: version, phase: phase, at: location)
            try await expectAnswer(host, version, of: name, at: location)
        }
    }

    /// Fails unless the agent says that its host runs that version: healthy, with nothing under way, held by nobody.
    @discardableResult
    func expectReport(
        _ host: Int,
        of name: String,
        runs version: String,
        phase: ActivationPhase? = nil,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> ServiceReport {
        let report = try await service(host, name, at: location)
        let seen = "h\(host): \(report)"
        try #require(report.current?.id.version.text == version, "\(seen)", sourceLocation: location)
        try #require(report.health == .healthy, "\(seen)", sourceLocation: location)
        try #require(report.operation?.phase.isInFlight != true, "\(seen)", sourceLocation: location)
        if let phase { try #require(report.operation?.phase == phase, "\(seen)", sourceLocation: location) }
        try #require(report.claim == nil, "still claimed: \(seen)", sourceLocation: location)
        return report
    }

    /// Waits until an agent that was started anew has looked at its service; before, it says that it does not know.
    func waitForLook(_ host: Int, at name: String = "hello") async throws {
        try await eventually("h\(host) has looked at \(name)") { try await service(host, name).health != .unknown }
    }

    /// Fails unless a host has nothing of a service but trees that are not in use, and says so.
    func expectNothing(_ host: Int, of name: String, at location: SourceLocation = #_sourceLocation) async throws {
        let report = try await status(host, at: location).services.first { $0.service.text == name }
        try #require(report?.current == nil, "\(String(describing: report))", sourceLocation: location)
        let unit = "\(name).service"
        try await shell(
            host,
            "test ! -e /srv/\(name)/current; test ! -e /etc/systemd/system/\(unit); test ! -e /etc/systemd/system/\(unit).d",
            at: location
        )
        let state = try await shell(host, "systemctl show -P LoadState \(unit)", at: location)
        try #require(state == "not-found", sourceLocation: location)
    }

    /// Fails unless the service itself answers as that version, seen from outside.
    func expectAnswer(
        _ host: Int,
        _ version: String,
        of name: String = "hello",
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await answer(host, of: name)
        let isRight = answer.contains(" \(version) from h\(host)")
        try #require(isRight, "h\(host) answers: \(answer)", sourceLocation: location)
    }

    /// What the service says to a request from outside the host, or what curl says.
    func answer(_ host: Int, of name: String = "hello") async throws -> String {
        let instances = Self.instances(of: name)
        let ports = instances.isEmpty ? [Self.port(of: name)] : instances
        let urls = ports.map { "http://\(address(host)):\($0)/" }
        let end = try await beside(["curl", "-sS", "--max-time", "3"] + urls, subject: "curl").end()
        return end.output + end.messages
    }

    static func port(of name: String) -> Int { name == "hello-socket" ? 8081 : 8080 }

    /// The instances of an example that has two, and the ports of both.
    static func instances(of name: String) -> [Int] { name == "hello-pair" ? [8082, 8083] : [] }

    /// Power cut, shutdown, start, cable: as `scripts/hosts/host` names them.
    func power(_ verb: String, _ host: Int) async throws { try await script("hosts/host", [verb, "\(host)"]) }

    /// Waits until something is so; there is no other way to learn of it than to look.
    func eventually(
        _ what: String,
        within limit: Duration = .seconds(60),
        at location: SourceLocation = #_sourceLocation,
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "not within \(limit): \(what)", sourceLocation: location)
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
