/// What will happen and when, in virtual milliseconds; equal times keep the order in which they were entered.
struct Agenda<Item> {
    private var heap: [Entry] = []
    /// Items by slot; they stay where they are while the heap is put in order.
    private var items: [Item?] = []
    private var free: [Int] = []
    private var entered = 0

    private struct Entry {
        let time: Int64
        let order: Int
        let slot: Int
    }

    mutating func enter(_ item: Item, at time: Int64) {
        entered += 1
        let slot = free.popLast() ?? items.count
        if slot == items.count { items.append(item) } else { items[slot] = item }
        heap.append(Entry(time: time, order: entered, slot: slot))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func next() -> (time: Int64, item: Item)? {
        guard let first = heap.first, let item = items[first.slot] else { return nil }
        items[first.slot] = nil
        free.append(first.slot)
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.time, item)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let child = left + 1 < heap.count && isBefore(left + 1, left) ? left + 1 : left
            guard isBefore(child, parent) else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool {
        (heap[one].time, heap[one].order) < (heap[other].time, heap[other].order)
    }
}
