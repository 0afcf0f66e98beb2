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
    var engaged = 0
    /// By the index of the place's rule.
    var places: [InPlace]

    struct InPlace: Hashable {
        var inService = 0
        var inFlight = 0
    }

    init(places: Int) {
        self.places = [InPlace](repeating: InPlace(), count: places)
    }

    /// Adds (`sign` 1) or takes away (`sign` -1) what one host contributes.
    mutating func count(_ standing: Standing, weight: Int, rules: [Int], sign: Int) {
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
        engaged += one(standing.isEngaged)
        for rule in rules {
            places[rule].inService += one(standing.isInService) * weight
            places[rule].inFlight += one(standing.holdsSlot)
        }
    }
}
