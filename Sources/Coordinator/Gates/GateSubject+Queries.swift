internal import Model

extension GateSubject {
    /// A query about the hosts of the stage that run the release.
    func text(of query: QueryTemplate) -> String { text(of: query, about: hosts) }

    /// A query in which `$hosts` are these.
    func text(of query: QueryTemplate, about hosts: [HostID]) -> String {
        query.text { variable in
            switch variable {
            // A dot in brackets is a dot in every kind of PromQL's quotes.
            case .hosts: hosts.map { $0.text.replacing(".", with: "[.]") }.joined(separator: "|")
            case .service: service.text
            case .environment: plan.environment.text
            case .version: plan.target.version.text
            }
        }
    }
}
