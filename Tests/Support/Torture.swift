import Foundation

/// How much of an exhaustive test is run: all of it by `make torture`, a sample of it by `make test`.
package enum Torture {
    private static let environment = ProcessInfo.processInfo.environment

    /// FLEET_TORTURE=1, which `make torture` sets.
    package static let isExhaustive = environment["FLEET_TORTURE"] == "1"

    /// FLEET_TORTURE_SHARE=2/8 tries every eighth point, from the second on: eight such runs are a whole one.
    ///
    /// Lists of fewer than eight are tried whole.
    private static let share: (first: Int, step: Int) = {
        guard let text = environment["FLEET_TORTURE_SHARE"], !text.isEmpty else { return (0, 1) }
        let parts = text.split(separator: "/").map { Int($0) ?? 0 }
        precondition(
            parts.count == 2 && parts[0] >= 1 && parts[0] <= parts[1],
            "FLEET_TORTURE_SHARE=\(text): expected K/N with K from 1 to N, as in 2/8"
        )
        return (parts[0] - 1, parts[1])
    }()

    /// All of `points`, of which this run may have a share; or `count` of them, evenly spread, the first and the last among them.
    package static func points<Point>(_ points: [Point], sample count: Int) -> [Point] {
        if isExhaustive && share.step <= points.count {
            return stride(from: share.first, to: points.count, by: share.step).map { points[$0] }
        }
        guard !isExhaustive, count < points.count else { return points }
        guard count > 1 else { return Array(points.prefix(count)) }
        return (0..<count).map { points[$0 * (points.count - 1) / (count - 1)] }
    }
}
