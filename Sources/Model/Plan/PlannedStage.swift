/// A part of a plan that ends in a bake and its gates.
package struct PlannedStage: Hashable, Codable, Sendable {
    /// What people call it: `canary`, `region eu`, `rest`.
    package var name: String
    /// Indices into the plan's hosts.
    package var hosts: [Int]
    /// Hosts in flight at once.
    package var window: Int
    /// Weight that stays in service while this stage changes; nil where that is no more than the plan's floor.
    package var floor: Int?
    package var bake: TimeSpan
    /// What must pass after the bake, of the plan's gates; nil for nothing.
    package var gates: [GateName]?
    /// Hosts that may take the place of a canary which is not in service; nil means any that come later.
    package var standIns: [Int]?
    /// Places that change beside each other, each with a window of its own; nil where only `window` counts.
    package var places: [PlaceWindow]?

    package init(
        name: String,
        hosts: [Int],
        window: Int,
        floor: Int? = nil,
        bake: TimeSpan,
        gates: [GateName]? = nil,
        standIns: [Int]? = nil,
        places: [PlaceWindow]? = nil
    ) {
        self.name = name
        self.hosts = hosts
        self.window = window
        self.floor = floor
        self.bake = bake
        self.gates = gates
        self.standIns = standIns
        self.places = places
    }

    package struct PlaceWindow: Hashable, Codable, Sendable {
        package let place: Place
        /// Hosts of the place in flight at once.
        package let window: Int

        package init(place: Place, window: Int) {
            self.place = place
            self.window = window
        }
    }
}
