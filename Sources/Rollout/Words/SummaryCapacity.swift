/// How close a rollout came to its floor.
package struct SummaryCapacity: Hashable, Codable, Sendable {
    package var total: Int
    package var floor: Int
    /// Weight in service when the rollout began.
    package var atStart: Int
    /// Least weight in service that the coordinator has seen while it ran.
    package var lowest: Int

    package init(total: Int, floor: Int, atStart: Int, lowest: Int) {
        self.total = total
        self.floor = floor
        self.atStart = atStart
        self.lowest = lowest
    }
}
