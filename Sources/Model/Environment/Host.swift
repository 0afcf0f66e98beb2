/// One server of an environment.
package struct Host: Hashable, Codable, Sendable {
    package var id: HostID
    /// IP address or DNS name to reach its agent at; never its identity.
    package var address: String
    /// TCP port of the agent.
    package var port: Int
    package var region: RegionName?
    package var zone: ZoneName?
    /// Share of the capacity that this host carries, 1 or more.
    package var weight: Int
    /// Nil for none.
    package var labels: [HostLabel]?

    /// The agent's registered default.
    package static let defaultPort = 7443

    package init(
        id: HostID,
        address: String,
        port: Int = Host.defaultPort,
        region: RegionName? = nil,
        zone: ZoneName? = nil,
        weight: Int = 1,
        labels: [HostLabel]? = nil
    ) {
        self.id = id
        self.address = address
        self.port = port
        self.region = region
        self.zone = zone
        self.weight = weight
        self.labels = labels
    }
}
