extension Scenario {
    /// What takes how long in a world, and what people make of a pause.
    struct Tempo: Sendable {
        enum Pauses {
            /// People answer each of them, once faults have stopped.
            case answered
            /// The first is the end: what a person would say is not known.
            case final
        }

        /// Milliseconds between two looks of an agent.
        var heartbeat: Int64 = 10_000
        /// From here on nothing goes wrong any more, and people answer.
        var faultsEnd: Int64 = 15 * 60_000
        /// A rollout must have ended by then (invariant 15).
        var horizon: Int64 = 6 * 3_600_000
        /// Milliseconds until a unit is active.
        var startup = 10...5000
        /// Milliseconds until somebody promotes.
        var promotion = 1000...600_000
        /// Percent of dead agents that systemd starts again only after up to five minutes.
        var slowAgents = 20
        var pauses = Pauses.answered
    }
}
