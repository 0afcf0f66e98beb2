/// One stage as the user wrote it: which hosts, how wide, and what must hold before the next.
package struct StagePolicy: Hashable, Codable, Sendable {
    package var selection: Selection
    /// Overrides the environment's window inside this stage; a percentage is of the stage's weight.
    package var window: Quantity?
    /// Time the stage must stay healthy before the next may start.
    package var bake: TimeSpan
    /// What must pass after that, of the environment's gates.
    package var gates: [GateName]

    package init(selection: Selection, window: Quantity? = nil, bake: TimeSpan = .zero, gates: [GateName] = []) {
        self.selection = selection
        self.window = window
        self.bake = bake
        self.gates = gates
    }

    package enum Selection: Hashable, Codable, Sendable {
        /// So many hosts in service, of those that no earlier stage has.
        case canary(Quantity)
        case region(RegionName)
        case zone(ZoneName)
        case hosts([HostID])
        /// All that no earlier stage has.
        case rest
    }
}
