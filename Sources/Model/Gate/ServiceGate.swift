/// Gates of another service in the environment of the same name, which a release must pass, too: what is up- or
/// downstream of it notices a bad one first.
package struct ServiceGate: Hashable, Codable, Sendable {
    package var service: ServiceName
    /// Which of its gates, at least one, each once.
    package var names: [GateName]
    /// Whom and what is asked; nil until the plan is made.
    package var resolved: Resolved?

    package init(service: ServiceName, names: [GateName], resolved: Resolved? = nil) {
        self.service = service
        self.names = names
        self.resolved = resolved
    }

    /// What stood in fleet.yml when the plan was made.
    package struct Resolved: Hashable, Codable, Sendable {
        /// Every host of the service.
        package var hosts: [HostID]
        /// The text of each gate, in the order of `names`.
        package var gates: [Gate]

        package init(hosts: [HostID], gates: [Gate]) {
            self.hosts = hosts
            self.gates = gates
        }
    }

    /// What must hold, on one line.
    package var demand: String {
        guard let resolved else {
            return "gates \(names.map(\.text).joined(separator: ", ")) of service \(service) pass"
        }
        return resolved.gates.map { "gate \($0.name) of service \(service) passes: \($0.demand)" }
            .joined(separator: "; ")
    }
}

extension Gate {
    /// Why another service can't have its release judged by this gate; nil where it can.
    package var whyOwn: String? {
        switch question {
        case .prometheus(let gate):
            [gate.query, gate.requests?.query].contains { $0?.names(.version) == true } ? Self.namesVersion : nil
        case .alertmanager(let gate):
            (gate.match + (gate.watchdog ?? [])).contains { $0.template.names(.version) } ? Self.namesVersion : nil
        case .http, .command: nil
        case .comparison: "it compares hosts, of which none is changed there"
        case .systemd: "it looks at units that this rollout does not change"
        case .person: "it asks people, who are asked here by a gate of its own"
        case .service: "it asks for gates of a service itself"
        }
    }

    private static let namesVersion = "it asks for $version, which is the release of another service"
}
