/// A part of a plan that ends in a bake.
package struct PlannedStage: Hashable, Codable, Sendable {
    /// What people call it: `canary`, `region eu`, `rest`.
    package var name: String
    /// Indices into the plan's hosts.
    package var hosts: [Int]
    /// Hosts in flight at once.
    package var window: Int
    package var bake: TimeSpan

    package init(name: String, hosts: [Int], window: Int, bake: TimeSpan) {
        self.name = name
        self.hosts = hosts
        self.window = window
        self.bake = bake
    }
}
