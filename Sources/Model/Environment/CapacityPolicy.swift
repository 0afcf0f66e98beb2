/// The spare capacity that our own actions never undercut, and how many hosts may change at once.
package struct CapacityPolicy: Hashable, Codable, Sendable {
    /// Weight that stays in service; nil means all but one host (0 for a fleet of one).
    package var floor: Quantity?
    /// Hosts in flight at once; nil means 1.
    package var window: Quantity?
    /// Zones with rules of their own, sorted by zone.
    package var zones: [ZoneRule]

    package init(floor: Quantity? = nil, window: Quantity? = nil, zones: [ZoneRule] = []) {
        self.floor = floor
        self.window = window
        self.zones = zones.sorted { $0.zone < $1.zone }
    }

    /// Floor and window inside one zone; percentages are of the zone.
    package struct ZoneRule: Hashable, Codable, Sendable {
        package let zone: ZoneName
        package let floor: Quantity?
        package let window: Quantity?

        package init(zone: ZoneName, floor: Quantity?, window: Quantity?) {
            self.zone = zone
            self.floor = floor
            self.window = window
        }
    }
}
