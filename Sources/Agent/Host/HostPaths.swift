package import Model

/// Where everything of an agent is on its host; every path is below one root, so several agents fit on one machine.
package struct HostPaths: Hashable, Sendable {
    package var services: String
    package var state: String
    package var units: String
    package var credentials: String
    package var trust: String
    package var socket: String

    package init(
        services: String,
        state: String,
        units: String,
        credentials: String,
        trust: String,
        socket: String
    ) {
        self.services = services
        self.state = state
        self.units = units
        self.credentials = credentials
        self.trust = trust
        self.socket = socket
    }

    /// `/srv/<service>`: the links.
    package func service(_ service: ServiceName) -> String { "\(services)/\(service)" }

    /// `/srv/<service>/releases`: one directory per release.
    package func releases(_ service: ServiceName) -> String { "\(services)/\(service)/releases" }

    /// The read-only tree of one release.
    package func tree(_ service: ServiceName, _ release: ReleaseID) -> String { "\(releases(service))/\(release)" }

    /// What a unit's `ExecStart=` may name: the tree of whatever is current.
    package func current(_ service: ServiceName) -> String { "\(services)/\(service)/current" }

    package var artifacts: String { "\(state)/artifacts" }
    package var journal: String { "\(state)/agent.db" }
    /// Foreign units that were adopted, to be put back.
    package var savedUnits: String { "\(state)/units" }
}
