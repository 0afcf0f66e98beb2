/// Capacity with every percentage worked out.
package struct PlannedCapacity: Hashable, Codable, Sendable {
    /// Sum of the weights of all hosts of the environment.
    package var total: Int
    /// Weight that stays in service.
    package var floor: Int
    /// Hosts in flight at once, over the fleet.
    package var window: Int
    /// Regions and zones with rules of their own, sorted by place; a host can be under one of each.
    package var places: [PlaceRule]

    package init(total: Int, floor: Int, window: Int, places: [PlaceRule] = []) {
        self.total = total
        self.floor = floor
        self.window = window
        self.places = places
    }

    /// What stays in service while a stage changes that may have a floor of its own: the higher of the two.
    package func floor(raisedTo ofStage: Int?) -> Int { max(floor, ofStage ?? 0) }

    package struct PlaceRule: Hashable, Codable, Sendable {
        package let place: Place
        package let total: Int
        package let floor: Int
        /// Nil: only the fleet's window limits the place.
        package let window: Int?

        package init(place: Place, total: Int, floor: Int, window: Int?) {
            self.place = place
            self.total = total
            self.floor = floor
            self.window = window
        }
    }
}
