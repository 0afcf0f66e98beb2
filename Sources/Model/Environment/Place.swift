/// A part of an environment that can have a capacity rule of its own: `region eu`, `zone a`.
package enum Place: Hashable, Sendable, CustomStringConvertible {
    case region(RegionName)
    case zone(ZoneName)

    /// Whether a host with this region and zone is in it.
    package func holds(region: RegionName?, zone: ZoneName?) -> Bool {
        switch self {
        case .region(let name): name == region
        case .zone(let name): name == zone
        }
    }

    package var description: String {
        switch self {
        case .region(let name): "region \(name)"
        case .zone(let name): "zone \(name)"
        }
    }
}

/// Regions stand before zones, each sorted by name.
extension Place: Comparable {
    package static func < (one: Self, other: Self) -> Bool { one.description < other.description }
}

/// A place is its description, so that a plan reads well as JSON too.
extension Place: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let words = try container.decode(String.self).split(separator: " ", maxSplits: 1).map(String.init)
        switch (words.first, words.last) {
        case ("region", let name?): self = .region(try RegionName(parsing: name))
        case ("zone", let name?): self = .zone(try ZoneName(parsing: name))
        case _: throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither a region nor a zone")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
