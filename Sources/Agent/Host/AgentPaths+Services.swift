package import Configuration
package import Model

extension AgentPaths {
    /// `/srv/<service>`: the links.
    package func service(_ service: ServiceName) -> String { "\(services)/\(service)" }

    /// `/srv/<service>/releases`: one directory per release.
    package func releases(_ service: ServiceName) -> String { "\(services)/\(service)/releases" }

    /// The read-only tree of one release.
    package func tree(_ service: ServiceName, _ release: ReleaseID) -> String { "\(releases(service))/\(release)" }

    /// What a unit's `ExecStart=` may name: the tree of whatever is current.
    package func current(_ service: ServiceName) -> String { "\(services)/\(service)/current" }

    /// Foreign units that were adopted, to be put back.
    var savedUnits: String { "\(state)/units" }

    /// Held by the one process that may change this host.
    var lock: String { "\(state)/agent.lock" }
}
