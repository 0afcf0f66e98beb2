package import Model

/// How long a plan takes when nothing goes wrong, by what hosts took before.
package struct Forecast: Hashable, Codable, Sendable {
    /// From the first word to a host until the end; people's answers, gates and closed hours come on top.
    package let span: TimeSpan
    /// What of it are bakes.
    package let bakes: TimeSpan
    /// What a host takes from the word to switch until its commit: the median of the sample.
    package let host: TimeSpan
    /// How many hosts that rests on.
    package let sample: Int

    /// By `past`, what became of hosts in earlier rollouts of the same place; nil where none was ever updated.
    package init?(_ plan: Plan, past: [HostResult]) {
        let spans = past.filter { $0.result == .updated }.compactMap(\.took).sorted()
        guard !spans.isEmpty else { return nil }
        let host = spans[spans.count / 2]
        bakes = plan.stages.reduce(.zero) { $0 + $1.bake }
        span = plan.stages.reduce(bakes) { $0 + host * Self.turns($1, plan) }
        self.host = host
        sample = spans.count
    }

    /// How many hosts of a stage change one after the other, where window and floor let others change beside them.
    private static func turns(_ stage: PlannedStage, _ plan: Plan) -> Int64 {
        let heaviest = stage.hosts.map { plan.hosts[$0].weight }.max() ?? 1
        let spare = max(1, (plan.capacity.total - plan.capacity.floor(raisedTo: stage.floor)) / max(1, heaviest))
        let width = max(1, min(stage.window, spare))
        return Int64((stage.hosts.count + width - 1) / width)
    }

    /// As people read it.
    package var words: String {
        let baking = bakes > .zero ? ", bakes \(bakes)" : ""
        return "about \(span): a host takes \(host) (median of \(sample))\(baking)"
    }
}
