package import Model

/// Why nothing new may begin in an environment, and until when.
package struct Closure: Hashable, Codable, Sendable, CustomStringConvertible {
    /// `freeze: Black Friday`, `outside of its hours`.
    package var why: String
    /// When it opens next; nil if that is further away than anybody plans.
    package var until: WallTime?

    package init(_ why: String, until: WallTime?) {
        self.why = why
        self.until = until
    }

    package var description: String { "closed\(until.map { " until \($0)" } ?? ""): \(why)" }
}
