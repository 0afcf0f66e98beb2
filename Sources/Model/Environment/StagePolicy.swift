/// One stage as the user wrote it: which hosts, how wide, and what must hold before the next.
package struct StagePolicy: Hashable, Codable, Sendable {
    package var selection: Selection
    /// Only hosts that have it.
    package var label: HostLabel?
    /// Overrides the environment's window inside this stage; a percentage is of the stage's weight.
    package var window: Quantity?
    /// Weight of the whole environment that stays in service while this stage changes, where that is more than its floor.
    package var floor: Quantity?
    /// Time the stage must stay healthy before the next may start; nil means by the environment's rule.
    package var bake: TimeSpan?
    /// What must pass after that, of the environment's gates.
    package var gates: [GateName]

    package init(
        selection: Selection,
        label: HostLabel? = nil,
        window: Quantity? = nil,
        floor: Quantity? = nil,
        bake: TimeSpan? = nil,
        gates: [GateName] = []
    ) {
        self.selection = selection
        self.label = label
        self.window = window
        self.floor = floor
        self.bake = bake
        self.gates = gates
    }

    package enum Selection: Hashable, Codable, Sendable {
        /// So many hosts in service, of those that no earlier stage has.
        case canary(Quantity)
        /// Canaries by name; no other host takes the place of one.
        case canaries([HostID])
        /// One stage after the other, until so many of the hosts that no earlier stage has were changed.
        case ramp([Quantity])
        case region(RegionName)
        /// Each region as a stage of its own.
        case regions(RegionOrder)
        /// These regions at once, each with the stage's window for itself.
        case together([RegionName])
        case zone(ZoneName)
        case hosts([HostID])
        /// All that no earlier stage has.
        case rest
    }

    package enum RegionOrder: String, Codable, Sendable, CaseIterable {
        /// The one with the least weight first, which carries the least traffic.
        case ascending
        /// All that no earlier stage has at once, each with the stage's window for itself.
        case together
    }
}
