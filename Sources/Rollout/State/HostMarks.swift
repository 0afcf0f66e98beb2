/// A set of hosts, by index; taken in ascending order, so that the same events give the same bytes.
struct HostMarks: Hashable {
    private var isMarked: [Bool]
    private var hosts: [Int] = []

    init(count: Int) { isMarked = [Bool](repeating: false, count: count) }

    mutating func insert(_ host: Int) {
        guard !isMarked[host] else { return }
        isMarked[host] = true
        hosts.append(host)
    }

    mutating func insertAll() { for host in isMarked.indices { insert(host) } }

    /// All marked hosts, which are no longer marked then.
    mutating func takeAll() -> [Int] {
        defer {
            for host in hosts { isMarked[host] = false }
            hosts = []
        }
        return hosts.sorted()
    }
}
