internal import Model

/// Whether the services of a fleet can be rolled out one after the other as their environments demand.
struct AfterRules {
    /// One environment of a service, and the services that come before it there.
    private struct Place {
        let service: ServiceName
        let environment: EnvironmentName
        let demands: [(ServiceName, Mark)]
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
        for environment in Set(places.map(\.environment)).sorted() { checkOrder(in: environment, findings) }
    }

    private func checkOrder(in environment: EnvironmentName, _ findings: Findings) {
        CircleSearch { service in
            place(service, environment)?.demands ?? []
        }.search(places.filter { $0.environment == environment }.map(\.service)) { circle, mark in
            let circle = circle.map(\.text).joined(separator: " after ")
            findings.add(.contradiction, at: mark, "after: \(circle): none of them could ever be first")
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

    private func place(_ service: ServiceName, _ environment: EnvironmentName) -> Place? {
        places.first { $0.service == service && $0.environment == environment }
    }
}
