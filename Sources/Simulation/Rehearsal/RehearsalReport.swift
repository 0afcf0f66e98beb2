package import Model

/// What a rehearsal has shown: worst capacity, durations, and every way in which the rollout could end.
package struct RehearsalReport: Hashable, Encodable, Sendable {
    /// Runs in which the same went wrong.
    package struct Row: Hashable, Encodable, Sendable {
        package let trouble: String
        package let runs: Int
        package let ends: [End]
        package let median: TimeSpan
        package let worst: TimeSpan
        package let lowest: Int?
    }

    /// A way to end.
    package struct End: Hashable, Encodable, Sendable {
        package let end: String
        package let runs: Int
        /// A run that ended so, and why.
        package let example: Int
        package let headline: String
    }

    package let runs: Int
    /// In the order in which they were tried.
    package let rows: [Row]
    /// Of runs in which nothing went wrong.
    package let expected: TimeSpan?
    package let worst: TimeSpan?
    package let lowest: Int?
    /// What broke an invariant; any is a defect of Fleet.
    package let defects: [RehearsalRun]

    package init(_ runs: [RehearsalRun]) {
        self.runs = runs.count
        var names: [String] = []
        for run in runs where !names.contains(run.trouble) { names.append(run.trouble) }
        rows = names.map { name in Self.row(name, runs.filter { $0.trouble == name }) }
        expected = rows.first?.median
        worst = runs.map(\.took).max()
        lowest = runs.compactMap(\.lowest).min()
        defects = runs.filter { !$0.violations.isEmpty }
    }

    /// The ways to end, over all runs.
    package var ends: [String: Int] {
        rows.flatMap(\.ends).reduce(into: [:]) { $0[$1.end, default: 0] += $1.runs }
    }

    private static func row(_ name: String, _ runs: [RehearsalRun]) -> Row {
        let spans = runs.map(\.took).sorted()
        var ends: [String] = []
        for run in runs where !ends.contains(run.end) { ends.append(run.end) }
        return Row(
            trouble: name,
            runs: runs.count,
            ends: ends.compactMap { end in Self.end(end, runs.filter { $0.end == end }) },
            median: spans[spans.count / 2],
            worst: spans[spans.count - 1],
            lowest: runs.compactMap(\.lowest).min()
        )
    }

    private static func end(_ end: String, _ runs: [RehearsalRun]) -> End? {
        runs.first.map { End(end: end, runs: runs.count, example: $0.number, headline: $0.headline) }
    }
}
