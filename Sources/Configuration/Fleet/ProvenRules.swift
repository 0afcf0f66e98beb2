internal import Model

/// Whether the environments of a service are in an order: each proves artifacts for others, and none for itself.
struct ProvenRules {
    private let environments: [FleetEnvironment]

    init(_ environments: [FleetEnvironment]) { self.environments = environments }

    func check(_ findings: Findings) {
        for environment in environments { checkNames(environment, findings) }
        var settled: Set<EnvironmentName> = []
        for environment in environments {
            var path: [EnvironmentName] = []
            follow(environment, &path, &settled, findings)
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

    /// Goes on to what an environment waits for, depth first, and notes each way that leads back.
    private func follow(
        _ environment: FleetEnvironment,
        _ path: inout [EnvironmentName],
        _ settled: inout Set<EnvironmentName>,
        _ findings: Findings
    ) {
        guard !settled.contains(environment.name) else { return }
        path.append(environment.name)
        for (name, mark) in demands(of: environment) where name != environment.name {
            if let start = path.firstIndex(of: name) {
                let circle = (path[start...] + [name]).map(\.text).joined(separator: " waits for ")
                findings.add(.contradiction, at: mark, "in: \(circle): none of them could ever be first")
            } else if let next = environments.first(where: { $0.name == name }) {
                follow(next, &path, &settled, findings)
            }
        }
        path.removeLast()
        settled.insert(environment.name)
    }

    private func demands(of environment: FleetEnvironment) -> [(EnvironmentName, Mark)] {
        Array(zip(environment.proven?.environments ?? [], environment.provenMarks))
    }
}
