internal import Model

/// Whether the services of a fleet can be rolled out one after the other as their environments demand.
struct AfterRules {
    /// One environment of a service, and the services that come before it there.
    private struct Place {
        let service: ServiceName
        let environment: EnvironmentName
        let demands: [(service: ServiceName, mark: Mark)]
    }

    private let services: [FleetConfiguration.Service]
    private let places: [Place]

    init(_ services: [FleetConfiguration.Service]) {
        self.services = services
        places = services.flatMap { service in
            service.environments.map { environment in
                Place(
                    service: service.name,
                    environment: environment.name,
                    demands: zip(environment.after, environment.afterMarks).map { ($0, $1) }
                )
            }
        }
    }

    func check(_ findings: Findings) {
        for place in places { checkNames(place, findings) }
        var settled: Set<[String]> = []
        for place in places {
            var path: [ServiceName] = []
            follow(place, &path, &settled, findings)
        }
    }

    private func checkNames(_ place: Place, _ findings: Findings) {
        var seen: Set<ServiceName> = []
        for (name, mark) in place.demands {
            if name == place.service {
                findings.add(.contradiction, at: mark, "after: '\(name)' can't come after itself; name others")
            } else if !services.contains(where: { $0.name == name }) {
                let suggestion = Suggestion.clause(for: name.text, among: services.map(\.name.text))
                findings.add(.unknownName, at: mark, "after: no service is called '\(name)'\(suggestion)")
            } else if self.place(name, place.environment) == nil {
                findings.add(
                    .unknownName,
                    at: mark,
                    "after: '\(name)' has no environment called '\(place.environment)'"
                )
            } else if !seen.insert(name).inserted {
                findings.add(.contradiction, at: mark, "after: '\(name)' stands there twice")
            }
        }
    }

    /// Goes on to what comes first, depth first, and notes each way that leads back.
    private func follow(
        _ place: Place,
        _ path: inout [ServiceName],
        _ settled: inout Set<[String]>,
        _ findings: Findings
    ) {
        let key = [place.service.text, place.environment.text]
        guard !settled.contains(key) else { return }
        path.append(place.service)
        for (name, mark) in place.demands where name != place.service {
            if let start = path.firstIndex(of: name) {
                let circle = (path[start...] + [name]).map(\.text).joined(separator: " after ")
                findings.add(.contradiction, at: mark, "after: \(circle): none of them could ever be first")
            } else if let next = self.place(name, place.environment) {
                follow(next, &path, &settled, findings)
            }
        }
        path.removeLast()
        settled.insert(key)
    }

    private func place(_ service: ServiceName, _ environment: EnvironmentName) -> Place? {
        places.first { $0.service == service && $0.environment == environment }
    }
}
