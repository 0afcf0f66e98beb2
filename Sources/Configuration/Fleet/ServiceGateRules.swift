internal import Model

/// Whether gates that other services are asked about are there, and such that can be asked from elsewhere.
struct ServiceGateRules {
    private let services: [FleetConfiguration.Service]

    init(_ services: [FleetConfiguration.Service]) { self.services = services }

    func check(_ findings: Findings) {
        for service in services {
            for environment in service.environments {
                for gate in environment.usedGates {
                    guard case .service(let other) = gate.question, let mark = environment.mark(of: gate.name) else {
                        continue
                    }
                    check(other, of: service.name, environment.name, at: mark, findings)
                }
            }
        }
    }

    private func check(
        _ gate: ServiceGate,
        of own: ServiceName,
        _ name: EnvironmentName,
        at mark: Mark,
        _ findings: Findings
    ) {
        guard gate.service != own else {
            let advice = "service: '\(own)' is the service itself, whose gates stages name"
            return findings.add(.contradiction, at: mark, advice)
        }
        guard let other = services.first(where: { $0.name == gate.service }) else {
            let suggestion = Suggestion.clause(for: gate.service.text, among: services.map(\.name.text))
            return findings.add(.unknownName, at: mark, "service: there is no service '\(gate.service)'\(suggestion)")
        }
        guard let environment = other.environments.first(where: { $0.name == name }) else {
            return findings.add(.unknownName, at: mark, "service: '\(gate.service)' has no environment '\(name)'")
        }
        for name in gate.names {
            guard let found = environment.gates.first(where: { $0.name == name }) else {
                // What could not be read was noted at its own place.
                guard environment.mark(of: name) == nil else { continue }
                let suggestion = Suggestion.clause(for: name.text, among: environment.gates.map(\.name.text))
                findings.add(
                    .unknownName,
                    at: mark,
                    "gates: '\(gate.service)' has no gate '\(name)' there\(suggestion)"
                )
                continue
            }
            guard let why = found.whyOwn else { continue }
            findings.add(
                .contradiction,
                at: mark,
                "gates: '\(name)' of '\(gate.service)' can't be asked from here: \(why)"
            )
        }
    }
}
