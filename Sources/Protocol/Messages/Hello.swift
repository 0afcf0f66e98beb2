package import Model

/// How a peer introduces itself.
package struct Hello: Hashable, Sendable {
    package var versions: VersionRange
    /// Version of the software, for people.
    package var software: String
    package var fleet: FleetName
    /// The name in the peer's certificate: a host, a coordinator, an operator.
    package var name: String
    /// The kernel's boot id; empty where it does not matter.
    package var bootID: String

    package init(
        versions: VersionRange = Dialogue.versions,
        software: String,
        fleet: FleetName,
        name: String,
        bootID: String = ""
    ) {
        self.versions = versions
        self.software = software
        self.fleet = fleet
        self.name = name
        self.bootID = bootID
    }
}
