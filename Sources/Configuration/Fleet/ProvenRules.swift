internal import Model

/// Whether the environments of a service are in an order: each proves artifacts for others, and none for itself.
struct ProvenRules {
    private let environments: [FleetEnvironment]

    init(_ environments: [FleetEnvironment]) { self.environments = environments }

    func check(_ findings: Findings) {
        for environment in environments { checkNames(environment, findings) }
        CircleSearch { name in
            environments.first { $0.name == name }.map(demands(of:)) ?? []
        }.search(environments.map(\.name)) { circle, mark in
            let circle = circle.map(\.text).joined(separator: " waits for ")
            findings.add(.contradiction, at: mark, "in: \(circle): none of them could ever be first")
        }
    }

    private func checkNames(_ environment: FleetEnvironment, _ findings: Findings) {
        let names = environments.map(\.name)
        var seen: Set<EnvironmentName> = []
        for (name, mark) in demands(of: environment) {
            if name == environment.name {
                findings.add(.contradiction, at: mark, "in: '\(name)' can't wait for itself; name others")
            } else if !names.contains(name) {
                let suggestion = Suggestion.clause(for: name.text, among: names.map(\.text))
                findings.add(
                    .unknownName,
                    at: mark,
                    "in: the service has no environment called '\(name)'\(suggestion)"
                )
            } else if !seen.insert(name).inserted {
                findings.add(.contradiction, at: mark, "in: '\(name)' stands there twice")
            }
        }
    }

    private func demands(of environment: FleetEnvironment) -> [(EnvironmentName, Mark)] {
        Array(zip(environment.proven?.environments ?? [], environment.provenMarks))
    }
}
