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

    /// `/srv/<service>/instances`: a link for each instance that may run.
    package func instances(_ service: ServiceName) -> String { "\(services)/\(service)/instances" }

    /// What a template's `ExecStart=` may name, with `%i` for the instance: the tree of the release that it runs.
    package func instance(_ service: ServiceName, _ instance: String) -> String { "\(instances(service))/\(instance)" }

    /// Foreign units that were adopted, to be put back.
    var savedUnits: String { "\(state)/units" }

    /// Held by the one process that may change this host.
    var lock: String { "\(state)/agent.lock" }
}
