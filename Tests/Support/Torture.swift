import Foundation

/// How much of an exhaustive test is run: all of it by `make torture`, a sample of it by `make test`.
package enum Torture {
    /// FLEET_TORTURE=1, which `make torture` sets.
    package static let isExhaustive = ProcessInfo.processInfo.environment["FLEET_TORTURE"] == "1"

    /// All of `points`, or `count` of them, evenly spread, the first and the last among them.
    package static func points<Point>(_ points: [Point], sample count: Int) -> [Point] {
        guard !isExhaustive, count < points.count else { return points }
        guard count > 1 else { return Array(points.prefix(count)) }
        return (0..<count).map { points[$0 * (points.count - 1) / (count - 1)] }
    }
}
