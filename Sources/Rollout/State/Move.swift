/// The change of one host, from the order to switch until it was read back.
package struct Move: Hashable, Codable, Sendable {
    package var direction: Direction
    package var stage: Stage
    /// Sequence of the order to switch, 0 if none was needed; tells the reports of this attempt from earlier ones.
    package var activation: Int64

    package init(_ direction: Direction, _ stage: Stage, activation: Int64) {
        self.direction = direction
        self.stage = stage
        self.activation = activation
    }

    /// Whether a first deployment is taken back: the host then runs nothing.
    var isRemoval: Bool { direction == .back && stage == .reverting }

    package enum Direction: String, Codable, Sendable {
        case forward
        case back
    }

    package enum Stage: String, Codable, Sendable {
        /// Ordered to switch.
        case activating
        /// Switched; waits for our word, which waits for its health.
        case awaiting
        /// Told to keep it.
        case committing
        /// Told to take it back.
        case reverting
    }
}
