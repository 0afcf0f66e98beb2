/// Hosts that wait for a turn and are alike for every rule (same zone, same weight), in the order of the inventory.
///
/// Because they are alike, only the first of each queue must be looked at: if it may not start, none of them may.
struct HostQueue: Hashable {
    /// Index of the rule of their zone.
    let zone: Int?
    let weight: Int
    private(set) var sick: [Int] = []
    private(set) var well: [Int] = []

    init(zone: Int?, weight: Int) {
        self.zone = zone
        self.weight = weight
    }

    mutating func insert(_ host: Int, _ queue: Standing.Queue) {
        switch queue {
        case .sick: sick.insert(host, at: Self.position(of: host, in: sick))
        case .well: well.insert(host, at: Self.position(of: host, in: well))
        }
    }

    mutating func remove(_ host: Int, _ queue: Standing.Queue) {
        switch queue {
        case .sick: sick.remove(at: Self.position(of: host, in: sick))
        case .well: well.remove(at: Self.position(of: host, in: well))
        }
    }

    mutating func empty() {
        sick = []
        well = []
    }

    /// The first position that does not hold a smaller index.
    private static func position(of host: Int, in list: [Int]) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < host { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
