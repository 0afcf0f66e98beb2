/// One host of a plan.
package struct PlannedHost: Hashable, Codable, Sendable {
    package var id: HostID
    package var weight: Int
    package var region: RegionName?
    package var zone: ZoneName?

    package init(id: HostID, weight: Int = 1, region: RegionName? = nil, zone: ZoneName? = nil) {
        self.id = id
        self.weight = weight
        self.region = region
        self.zone = zone
    }
}
