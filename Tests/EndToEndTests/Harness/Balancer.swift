import Foundation
import Glibc
import Testing

/// A real HAProxy before the hosts, on the operator's side of their network.
struct Balancer: Sendable {
    private let fleet: Fleet
    private let process: Child
    /// Of the service; empty where it has no instances.
    private let instances: [Int]

    /// Where users come in, and where its runtime API listens.
    private static let users = 8000
    static let runtime = 9999
    static let backend = "hello"

    /// Starts it before these hosts; `retries 0`, so that users see whatever goes wrong.
    init(_ fleet: Fleet, of service: String = "hello", at location: SourceLocation = #_sourceLocation) async throws {
        self.fleet = fleet
        let instances = Fleet.instances(of: service)
        self.instances = instances
        let path = "\(fleet.directory)/haproxy.cfg"
        let servers = (1...fleet.count).flatMap { host in
            let names =
                instances.isEmpty
                ? [("h\(host)", Fleet.port(of: service))] : instances.map { ("h\(host)-\($0)", $0) }
            return names.map { "    server \($0.0) \(fleet.address(host)):\($0.1) check inter 200ms rise 2 fall 2" }
        }
        try """
        global
            stats socket ipv4@\(fleet.gateway):\(Self.runtime) level admin
        defaults
            mode http
            retries 0
            timeout connect 2s
            timeout client 10s
            timeout server 10s
        frontend users
            bind \(fleet.gateway):\(Self.users)
            default_backend \(Self.backend)
        backend \(Self.backend)
            balance roundrobin
            option httpchk GET /healthz
        \(servers.joined(separator: "\n"))

        """.write(toFile: path, atomically: true, encoding: .utf8)
        process = try fleet.beside(["haproxy", "-db", "-f", path], subject: "haproxy")
        try await fleet.eventually("haproxy finds every host well", within: .seconds(20), at: location) {
            guard process.isRunning else { throw Child.Problem(description: "\(try await process.end())") }
            return try await serving().count == fleet.count
        }
    }

    /// `srv_op_state` and `srv_admin_state`.
    struct State: Equatable {
        let operation: Int
        let admin: Int
    }

    var url: String { "http://\(fleet.gateway):\(Self.users)/" }

    /// The environment's setting for it.
    var setting: String {
        let server = instances.isEmpty ? "" : ", server: \"{host}-{instance}\""
        return "traffic: {haproxy: [{socket: \"\(fleet.gateway):\(Self.runtime)\", backend: \(Self.backend)\(server)}]}"
    }

    /// The servers that it finds well and gives traffic.
    func serving() async throws -> [String] {
        try await states().filter { $0.value == State(operation: 2, admin: 0) }.keys.sorted()
    }

    /// What it does with each host.
    func states() async throws -> [String: State] {
        let lines = try await say("show servers state \(Self.backend)").split(separator: "\n")
        return lines.dropFirst(2).reduce(into: [:]) { states, line in
            let words = line.split(separator: " ")
            guard words.count > 6, let operation = Int(words[5]), let admin = Int(words[6]) else { return }
            states[String(words[3])] = State(operation: operation, admin: admin)
        }
    }

    /// A command of its runtime API, as a person would give it.
    @discardableResult
    func say(_ command: String) async throws -> String {
        let script = "exec 3<>/dev/tcp/\(fleet.gateway)/\(Self.runtime) && echo '\(command)' >&3 && cat <&3"
        return try await fleet.beside(["bash", "-c", script], subject: "runtime").end(within: .seconds(10)).output
    }

    func stop() async throws {
        process.signal(SIGTERM)
        _ = try await process.end(within: .seconds(10))
    }
}

extension Fleet {
    /// The operator's side of the hosts' network.
    var gateway: String { address(1).split(separator: ".").prefix(2).joined(separator: ".") + ".0.1" }
}
