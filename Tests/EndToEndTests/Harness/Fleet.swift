import Foundation
import Glibc
import Synchronization

/// Real systemd hosts with the agent's package installed, and an operator's workspace beside them.
///
/// The hosts hang on a network of their own, where `fleet` and the prober run too. Everything is named after this
/// process, so that several checkouts can test at once.
final class Fleet: Sendable {
    /// The name of the hosts for `scripts/hosts`.
    let name: String
    /// Workspace and evidence.
    let directory: String
    let count: Int
    private let numbers = Mutex(0)
    private let booted = Mutex<[String]>([])
    private let children = Mutex<[Child]>([])

    private static let fleets = Atomic<Int>(0)

    /// What the operator has, and what is installed on the hosts.
    private let versions: Versions

    private init(hosts: Int, _ versions: Versions) throws {
        count = hosts
        self.versions = versions
        name = "e2e-\(getpid())-\(Self.fleets.add(1, ordering: .relaxed).newValue)"
        directory = "\(Machine.scratch)/\(name)"
        for part in ["log", "dist"] {
            try FileManager.default.createDirectory(atPath: "\(directory)/\(part)", withIntermediateDirectories: true)
        }
    }

    /// Boots hosts and makes them members of a new fleet; `disk` is the size of a disk of their own, if any.
    static func boot(
        hosts count: Int,
        disk: String? = nil,
        members: Bool = true,
        versions: Versions = Versions()
    ) async throws -> Fleet {
        let fleet = try Fleet(hosts: count, versions)
        do {
            let up = try await fleet.script("hosts/up", ["\(count)"] + (disk.map { ["--disk", $0] } ?? []))
            let addresses = up.output.split(whereSeparator: \.isNewline).compactMap {
                $0.split(separator: " ").last.map(String.init)
            }
            fleet.booted.withLock { $0 = addresses }
            try await fleet.makeWorkspace()
            if members { try await fleet.enrol() }
            return fleet
        } catch {
            await fleet.keepEvidence(because: error)
            await fleet.down()
            throw error
        }
    }

    var addresses: [String] { booted.withLock { $0 } }
    func address(_ host: Int) -> String { addresses[host - 1] }

    /// Ends all hosts; files stay until `forget`.
    func down() async {
        _ = try? await script("hosts/down", [])  // what is left is named after this process, and harms nobody
    }

    func forget() { try? FileManager.default.removeItem(atPath: directory) }  // files that stay do no harm

    // MARK: Processes

    /// A new name for the log of a process: number and subject.
    func log(_ subject: String) -> String {
        let number = numbers.withLock { number in
            number += 1
            return number
        }
        return "\(directory)/log/\(String(format: "%03d", number))-\(subject)"
    }

    func start(_ command: [String], subject: String) throws -> Child {
        let child = try Child(command, environment: ["FLEET_HOSTS": name], log: log(subject))
        children.withLock { children in
            children.removeAll { !$0.isRunning }
            children.append(child)
        }
        return child
    }

    /// Ends what a scenario has left running, as one that failed in the middle does.
    func endProcesses() {
        for child in children.withLock({ $0 }) { child.signal(SIGKILL) }
    }

    /// Runs one of the project's scripts, which must succeed.
    @discardableResult
    func script(_ script: String, _ arguments: [String]) async throws -> Child.End {
        let child = try start(
            [Machine.script(script)] + arguments,
            subject: script.split(separator: "/").last.map(String.init) ?? script
        )
        let end = try await child.end(within: .seconds(300))
        guard end.code == 0 else { throw Child.Problem(description: "\(end)") }
        return end
    }

    /// A command on the operator's side of the hosts' network, in the workspace.
    func beside(_ command: [String], subject: String) throws -> Child {
        let path = "\(versions.operators.directory):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
        return try start(
            [Machine.script("hosts/exec"), "ctl", "env", "-C", directory, "PATH=\(path)"] + command,
            subject: subject
        )
    }

    // MARK: Making

    private func makeWorkspace() async throws {
        try describe(FleetFile())
        let end = try await fleet("init", "--operator", "tester")
        guard end.code == 0 else { throw Child.Problem(description: "\(end)") }
    }

    /// Writes `fleet.yml`.
    func describe(_ file: FleetFile) throws {
        try file.text(addresses: addresses).write(toFile: "\(directory)/fleet.yml", atomically: true, encoding: .utf8)
    }

    /// Installs the agent's packages on every host, with what `fleet host add --bundle` writes.
    private func enrol() async throws {
        for host in 1...count { try await bundle(host) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for host in 1...count { group.addTask { try await self.install(host) } }
            try await group.waitForAll()
        }
    }

    /// Brings a host's bundle to it, with the packages beside, as cloud-init or Ansible would.
    private func bundle(_ host: Int) async throws {
        let bundle = "\(directory)/bundle-\(host)"
        let made = try await fleet("host", "add", "--name", "h\(host)", "--bundle", bundle)
        guard made.code == 0 else { throw Child.Problem(description: "\(made)") }
        for package in try versions.agents.packages where package.contains("/fleet-") {
            let file = URL(filePath: package).lastPathComponent
            try FileManager.default.copyItem(atPath: package, toPath: "\(bundle)/\(file)")
        }
        try FileManager.default.moveItem(atPath: bundle, toPath: try await share(host))
    }

    private func install(_ host: Int) async throws {
        let end = try await onHost(host, "/mnt/share/h\(host)/install")
        guard end.code == 0 else { throw Child.Problem(description: "\(end)") }
        try FileManager.default.removeItem(atPath: try await share(host))
    }

    private func share(_ host: Int) async throws -> String {
        let end = try await script("hosts/exec", ["share"])
        return "\(end.output.trimmingCharacters(in: .whitespacesAndNewlines))/h\(host)"
    }

    /// The operator's commands, from the package.
    static let tools = Tools(Machine.packages, name: "tools")
    /// The same of the version before.
    static let previousTools = Tools(Machine.previous, name: "previous")

    /// Whose programs run on which side.
    struct Versions: Sendable {
        var operators = Fleet.tools
        var agents = Fleet.tools
    }
}
