/// The spare capacity that our own actions never undercut, and how many hosts may change at once.
///
/// Percentages are of weight: of the environment's, or of the place's.
package struct CapacityPolicy: Hashable, Codable, Sendable {
    /// Weight that stays in service; nil means all but one host (0 for a fleet of one).
    package var floor: Quantity?
    /// Hosts in flight at once, or the share of weight that they may carry; nil means 1.
    package var window: Quantity?
    /// Regions and zones with rules of their own, sorted by place.
    package var places: [PlaceRule]

    package init(floor: Quantity? = nil, window: Quantity? = nil, places: [PlaceRule] = []) {
        self.floor = floor
        self.window = window
        self.places = places.sorted { $0.place < $1.place }
    }

    /// Floor and window inside one place.
    package struct PlaceRule: Hashable, Codable, Sendable {
        package let place: Place
        package let floor: Quantity?
        package let window: Quantity?

        package init(place: Place, floor: Quantity?, window: Quantity?) {
            self.place = place
            self.floor = floor
            self.window = window
        }
    }
}
