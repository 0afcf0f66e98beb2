import Foundation
import Model
import Testing

/// A fleet of one host, on which rollouts go wrong and are made good again.
///
/// Every release has five files, one of them the unit, whose text differs from release to release; so does its configuration,
/// which the service says when it is asked.
actor TortureHost {
    nonisolated let fleet: Fleet
    private var rounds = 0
    /// The version that was committed last, and the one before.
    private(set) var current = ""
    private(set) var previous = ""

    static let service = "hello"
    /// The threads of the agent.
    static let effects = "fleet-effects"
    static let systemd = "fleet-systemd"
    /// Its file keeps an agent that was killed from coming back.
    private static let hold = "/run/hold-agent"
    /// Orders the failpoints of a debug build.
    private static let failpoints = "/run/fleet/failpoints"

    init(_ fleet: Fleet) { self.fleet = fleet }

    /// Prepares the host, and rolls out until releases are deleted again, as they are in a fleet that lives.
    func begin() async throws {
        try await fleet.shell(
            1,
            """
            mkdir -p /run/systemd/system/agent.service.d
            printf '[Unit]\\nConditionPathExists=!\(Self.hold)\\n[Service]\\nRestartSec=20ms\\n' \
                >/run/systemd/system/agent.service.d/torture.conf
            systemctl daemon-reload
            """
        )
        for fault in [nil, "crash"] {
            let base = try await fleet.build(fault ?? "sound", fault: fault, healthyFor: "200ms")
            try fleet.edit(
                base,
                "service.yml",
                replace: "check_deadline: 5s",
                with: "check_deadline: 5s\ncheck_interval: 100ms"
            )
        }
        for _ in 0..<4 { try await rollOut() }
    }

    // MARK: Releases

    /// Writes the next release; `base` is what it runs.
    func release(of base: String = "sound") throws -> ExampleRelease {
        rounds += 1
        let version = "1.\(rounds)"
        let path = "dist/round"
        let files = FileManager.default
        let directory = "\(fleet.directory)/\(path)"
        try? files.removeItem(atPath: directory)  // the first round has none before it
        try files.copyItem(atPath: "\(fleet.directory)/dist/hello-\(base)", toPath: directory)
        for name in ["a", "b"] {
            try "\(name) of \(version)\n".write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
        let release = ExampleRelease(service: Self.service, version: version, path: path)
        try fleet.edit(release, "systemd/hello.service", replace: "[Service]", with: "# \(version)\n[Service]")
        try fleet.describe(
            FleetFile(floor: "0", config: ["GREETING": Self.greeting(version)], settings: ["commit_within: 2s"])
        )
        return release
    }

    private static func greeting(_ version: String) -> String { "round-\(version)-" }

    /// A rollout in which nothing goes wrong; it must succeed.
    func rollOut() async throws {
        let next = try release()
        try await fleet.rollOut(next, code: .succeeded)
        let before = current
        _ = try await expectWhole([next.version], after: "a rollout in which nothing went wrong")
        previous = before
    }

    // MARK: Trials

    /// The words of `fleet` for an operation, the version that it leads to, and the other one that may be left.
    private func command(_ operation: Trial.Operation) throws -> (words: [String], target: String?) {
        switch operation {
        case .activation:
            let next = try release()
            return (next.rollout, next.version)
        case .rollback: return (["rollback", Self.service, "--env", FleetFile.environment, "--yes"], previous)
        case .revert: return (try release(of: "crash").rollout, nil)
        }
    }

    /// Performs an operation while `tracer` looks on; nothing goes wrong.
    func record(_ operation: Trial.Operation, thread: String) async throws -> [SystemCall] {
        let (words, target) = try command(operation)
        let tracer = try await Tracer(fleet, thread: thread, [])
        let end = try await fleet.fleet(words)
        // At once: what comes later is looks at a service that nobody changes.
        let calls = SystemCall.parse(try await tracer.detach())
        try await expectHonest(end, operation, target: target, after: "a recording")
        try await rollOut()
        return calls
    }

    /// The failpoints that are passed in an operation, in their order.
    func recordFailpoints(_ operation: Trial.Operation) async throws -> [String] {
        let (words, target) = try command(operation)
        try await fleet.shell(1, "rm -f \(Self.failpoints).log; echo record >\(Self.failpoints)")
        let end = try await fleet.fleet(words)
        try await expectHonest(end, operation, target: target, after: "a recording")
        let log = try await fleet.shell(1, "rm \(Self.failpoints); cat \(Self.failpoints).log")
        try await rollOut()
        return log.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// Lets one thing go wrong, and expects everything to be well again.
    ///
    /// - Returns: Whether the fault was met at all.
    func perform(_ trial: Trial) async throws -> Bool {
        let (words, target) = try command(trial.operation)
        if trial.successor == .deadMan { try await fleet.shell(1, "touch \(Self.hold)") }
        let wasMet: Bool
        let end: Child.End
        switch trial.fault {
        case .kill(let call, let thread):
            (end, wasMet) = try await traced(words, trial, "signal=KILL", call, thread)
        case .error(let error, let call, let thread):
            (end, wasMet) = try await traced(words, trial, "error=\(error)", call, thread)
        case .failpoints(let points):
            try await fleet.shell(1, "printf '\(points.joined(separator: "\\n"))\\n' >\(Self.failpoints)")
            end = try await run(words, trial)
            // Each process takes its line before it dies.
            let left = try await fleet.shell(1, "cat \(Self.failpoints) || true; rm -f \(Self.failpoints)")
            wasMet = !left.contains(points[0])
        }
        try await expectHonest(end, trial.operation, target: target, after: "\(trial)", trial.fault.remains)
        try await rollOut()
        return wasMet
    }

    private func traced(
        _ words: [String],
        _ trial: Trial,
        _ effect: String,
        _ call: SystemCall,
        _ thread: String
    ) async throws -> (Child.End, Bool) {
        let fault = "inject=\(call.name):\(effect):when=\(call.ordinal)"
        let agent = fleet.agentProcess(1)
        let tracer = try await Tracer(fleet, thread: thread, ["-e", fault])
        let end = try await run(words, trial)
        let seen = try await tracer.detach()
        // What happens as the command ends may hit an agent that still answers for a moment.
        if seen.contains("killed by SIGKILL") {
            try await fleet.eventually("the agent that was killed is gone") { fleet.agentProcess(1) != agent }
        }
        return (end, seen.contains("INJECTED") || seen.contains("killed by SIGKILL"))
    }

    /// Runs the operator's command; without a successor for the agent, what was armed before acts first.
    private func run(_ words: [String], _ trial: Trial) async throws -> Child.End {
        let child = try fleet.startFleet(words)
        guard trial.successor == .deadMan else { return try await child.end(within: .seconds(90)) }
        try await fleet.eventually("the agent is dead, or the command has ended") {
            fleet.agentProcess(1) == nil || !child.isRunning
        }
        if fleet.agentProcess(1) == nil { try await letDeadManAct(trial) }
        try await fleet.shell(1, "rm -f \(Self.hold); systemctl start agent.service")
        return try await child.end(within: .seconds(90))
    }

    /// Lets the dead man's timer act while no agent runs.
    ///
    /// A timer of minutes is not waited for: what it would start is started.
    private func letDeadManAct(_ trial: Trial) async throws {
        // Killed between two, it leaves both armed.
        let list = "systemctl list-units --plain --no-legend --state=active,activating,deactivating"
        let timers = try await fleet.shell(1, "\(list) 'fleet-revert-\(Self.service)*.timer' | cut -d' ' -f1")
        if let timer = timers.split(whereSeparator: \.isNewline).first?.dropLast(".timer".count) {
            let isWaiting = try await fleet.service(1).operation?.phase == .awaitingCommit
            if !isWaiting { try await fleet.shell(1, "systemctl start --no-block \(timer).service") }
            try await fleet.eventually("the dead man's timer has acted: \(trial)", within: .seconds(30)) {
                try await fleet.shell(1, "\(list) 'fleet-revert-\(Self.service)*'").isEmpty
            }
        }
        try #require(fleet.agentProcess(1) == nil, "the agent came back: \(trial)")
        let report = try await fleet.service(1)
        let version = report.current?.id.version.text ?? "none"
        try #require(report.operation?.phase.isInFlight != true || timers.isEmpty, "\(trial): \(report)")
        let answer = try await fleet.answer(1)
        try #require(answer.hasPrefix(Self.greeting(version)), "\(trial): \(version) is named, and \(answer) answers")
    }

    // MARK: What must be true afterwards

    /// Fails unless the command's outcome and the host agree, and the host is whole.
    private func expectHonest(
        _ end: Child.End,
        _ operation: Trial.Operation,
        target: String?,
        after cause: String,
        _ remains: Trial.Remains = .nothing
    ) async throws {
        let old = current
        let seen = "\(cause)\n\(end)"
        let outcome = ExitCode(rawValue: end.code)
        // A rollback that fails, and hosts that are away when a rollout begins, are for a person to judge, who ends it here.
        let isForPeople = operation == .rollback || end.messages.contains("can't be reached")
        let isPaused = isForPeople && outcome == .paused
        if isPaused { try await fleet.fleet("abort", "--reason", "torture", code: .aborted) }
        let found = try await expectWhole([target, old].compactMap(\.self), after: seen, remains)
        switch outcome {
        case .succeeded: try #require(found == target, "said to have succeeded, but \(found) runs: \(seen)")
        case .rolledBack, .refused: try #require(found == old, "said to be back, but \(found) runs: \(seen)")
        case .paused where isPaused: try #require(found == old, "said to have failed, but \(found) runs: \(seen)")
        case .failed, .paused, .incomplete, .aborted, .usage, .interrupted, nil:
            throw Child.Problem(description: "the outcome needs a person: \(seen)")
        }
    }

    /// Fails unless the host runs one of these versions, whole, says so, and nothing is left of anything else.
    private func expectWhole(
        _ versions: [String],
        after cause: String,
        _ remains: Trial.Remains = .nothing
    ) async throws -> String {
        // A look at the tree that failed is made again within 15 s; until then nobody knows whether it has drifted.
        try await fleet.eventually("the agent has settled after \(cause)", within: .seconds(30)) {
            guard fleet.agentProcess(1) != nil else { return false }
            let report = try await fleet.service(1)
            return report.health != .unknown && report.operation?.phase.isInFlight != true
                && report.drift.allSatisfy { !$0.hasPrefix("unreadable") }
        }
        let report = try await fleet.service(1)
        let release = try #require(report.current?.id, "\(cause)\n\(report)")
        let version = release.version.text
        try #require(versions.contains(version), "\(version) runs, expected one of \(versions): \(cause)\n\(report)")
        try #require(report.health == .healthy && report.claim == nil && report.held == nil, "\(cause)\n\(report)")
        try #require(report.operation?.phase != .stuck && report.drift.isEmpty, "\(cause)\n\(report)")
        let script = Self.wholeness(release.description) + (remains == .nothing ? Self.remains : "")
        let end = try await fleet.onHost(1, "sh", "-euc", script)
        try #require(end.code == 0 && end.output.isEmpty, "what is left: \(cause)\n\(end)")
        let answer = try await fleet.answer(1)
        try #require(answer.hasPrefix(Self.greeting(version)), "\(version) is named, \(answer) answers: \(cause)")
        current = version
        return version
    }

    /// A script that fails, or names a path, unless tree, links, unit and timers are those of `release` and of nothing else.
    private static func wholeness(_ release: String) -> String {
        """
        agent verify \(service) >/dev/null
        test "$(readlink /srv/\(service)/current)" = "releases/\(release)" || readlink /srv/\(service)/current
        test ! -L /srv/\(service)/previous || test -e /srv/\(service)/previous/service.yml
        systemctl is-active --quiet \(service).service || echo \(service) is not active
        systemctl is-enabled --quiet \(service).service || echo \(service) is not enabled
        test "$(systemctl show -P NeedDaemonReload \(service).service)" = no || echo systemd has read another unit
        ! systemctl is-active --quiet 'fleet-revert-\(service)*.timer' || echo a timer is still armed

        """
    }

    /// A script that names what was half made, or half removed.
    private static let remains = """
        find /srv /etc/systemd/system /var/lib/fleet '(' -name '.*.new' -o -name '.staging-*' -o -name '.deleted-*' \
            -o -name '.incoming-*' ')' -print
        """
}
