internal import Model

extension MappingReader<FleetKeys.Gate> {
    /// What `min` and `max` say; nil without both.
    var bounds: GateBounds? {
        guard self[.min] != nil || self[.max] != nil else { return nil }
        let bounds = GateBounds(
            min: value(.min, Figure.init(parsing:)),
            max: value(.max, Figure.init(parsing:))
        )
        if let min = bounds.min, let max = bounds.max, min.value > max.value {
            findings.add(
                .contradiction,
                at: mark(of: .min),
                "min: \(min) is more than max \(max): nothing passes"
            )
        }
        return bounds
    }
}
