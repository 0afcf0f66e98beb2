/// Between which numbers a measured one must lie; both ends belong to it.
package struct GateBounds: Hashable, Codable, Sendable, CustomStringConvertible {
    package var min: Figure?
    package var max: Figure?

    package init(min: Figure? = nil, max: Figure? = nil) {
        self.min = min
        self.max = max
    }

    /// What no number is, as some programs say it, lies nowhere.
    package func contains(_ value: Double) -> Bool {
        guard !value.isNaN else { return false }
        return value >= min?.value ?? -.infinity && value <= max?.value ?? .infinity
    }

    package var description: String {
        switch (min, max) {
        case (let min?, let max?): "\(min) to \(max)"
        case (let min?, nil): "at least \(min)"
        case (nil, let max?): "at most \(max)"
        case (nil, nil): "any number"
        }
    }
}
