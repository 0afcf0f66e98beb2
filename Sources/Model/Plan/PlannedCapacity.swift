/// Capacity with every percentage worked out.
package struct PlannedCapacity: Hashable, Codable, Sendable {
    /// Sum of the weights of all hosts of the environment.
    package var total: Int
    /// Weight that stays in service.
    package var floor: Int
    /// Hosts in flight at once, over the fleet.
    package var window: Int
    /// Zones with rules of their own, sorted by zone.
    package var zones: [Zone]

    package init(total: Int, floor: Int, window: Int, zones: [Zone] = []) {
        self.total = total
        self.floor = floor
        self.window = window
        self.zones = zones
    }

    package struct Zone: Hashable, Codable, Sendable {
        package let zone: ZoneName
        package let total: Int
        package let floor: Int
        /// Nil: only the fleet's window limits the zone.
        package let window: Int?

        package init(zone: ZoneName, total: Int, floor: Int, window: Int?) {
            self.zone = zone
            self.total = total
            self.floor = floor
            self.window = window
        }
    }
}
