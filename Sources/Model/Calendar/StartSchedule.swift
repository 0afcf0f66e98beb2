/// When a rollout is to begin.
package struct StartSchedule: Hashable, Codable, Sendable, CustomStringConvertible {
    package var at: WallTime
    /// One that has changed nothing by then never will.
    package var expires: WallTime

    package init(at: WallTime, expires: WallTime) {
        self.at = at
        self.expires = expires
    }

    package var description: String { "at \(at), by \(expires) at the latest" }
}
