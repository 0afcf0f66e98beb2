/// Hosts that wait for a turn and are alike for every rule (same places, same weight), in the order of the inventory.
///
/// Because they are alike, only the first of each queue must be looked at: if it may not start, none of them may.
struct HostQueue: Hashable {
    /// Indices of the capacity rules of their places.
    let rules: [Int]
    let weight: Int
    private(set) var sick: [Int] = []
    private(set) var well: [Int] = []
    private(set) var leaving: [Int] = []

    init(rules: [Int], weight: Int) {
        self.rules = rules
        self.weight = weight
    }

    var count: Int { sick.count + well.count + leaving.count }

    mutating func insert(_ host: Int, _ queue: Standing.Queue) {
        let list = Self.list(queue)
        self[keyPath: list].insert(host, at: Self.position(of: host, in: self[keyPath: list]))
    }

    mutating func remove(_ host: Int, _ queue: Standing.Queue) {
        let list = Self.list(queue)
        self[keyPath: list].remove(at: Self.position(of: host, in: self[keyPath: list]))
    }

    mutating func empty() {
        sick = []
        well = []
        leaving = []
    }

    private static func list(_ queue: Standing.Queue) -> WritableKeyPath<Self, [Int]> {
        switch queue {
        case .sick: \.sick
        case .well: \.well
        case .leaving: \.leaving
        }
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
