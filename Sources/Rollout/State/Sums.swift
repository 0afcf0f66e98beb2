/// The sums over all hosts that decisions read, kept up to date host by host.
struct Sums: Hashable {
    var inService = 0
    var inFlight = 0
    var awaited = 0
    var open = 0
    var stranded = 0
    var unwell = 0
    var unheard = 0
    var blind = 0
    var moving = 0
    /// By the index of the zone's rule.
    var zones: [Zone]

    struct Zone: Hashable {
        var inService = 0
        var inFlight = 0
    }

    init(zones: Int) {
        self.zones = [Zone](repeating: Zone(), count: zones)
    }

    /// Adds (`sign` 1) or takes away (`sign` -1) what one host contributes.
    mutating func count(_ standing: Standing, weight: Int, zone: Int?, sign: Int) {
        func one(_ condition: Bool) -> Int { condition ? sign : 0 }
        inService += one(standing.isInService) * weight
        inFlight += one(standing.holdsSlot)
        awaited += one(standing.isAwaited)
        open += one(standing.isOpen)
        stranded += one(standing.isStranded)
        unwell += one(standing.isUnwell)
        unheard += one(standing.isUnheard)
        blind += one(standing.isBlind)
        moving += one(standing.isMoving)
        guard let zone else { return }
        zones[zone].inService += one(standing.isInService) * weight
        zones[zone].inFlight += one(standing.holdsSlot)
    }
}
