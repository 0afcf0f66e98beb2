import TestSupport

extension CrashDisk {
    /// Which fates of the pending changes are tried: all when they are few, else the telling ones and some by chance.
    ///
    /// Telling are: nothing or everything is there, all names without their contents, contents torn, one change alone lost,
    /// one alone there.
    func fates(_ generator: inout SeededGenerator) -> [[Fate]] {
        let count = pending.count
        guard count > 0 else { return [[]] }
        let isBytes = pending.map { if case .names = $0 { false } else { true } }
        var fates = [
            [Fate](repeating: .kept, count: count),
            [Fate](repeating: .lost, count: count),
            isBytes.map { $0 ? .lost : .kept },
            isBytes.map { $0 ? .torn : .kept },
        ]
        if count <= Self.few {
            for mask in 0..<(1 << count) { fates.append((0..<count).map { mask >> $0 & 1 == 1 ? .kept : .lost }) }
            return fates
        }
        for index in 0..<count {
            fates.append((0..<count).map { $0 == index ? .lost : .kept })
            fates.append((0..<count).map { $0 == index ? .kept : .lost })
        }
        for _ in 0..<Self.drawn {
            fates.append((0..<count).map { _ in Fate.allCases.randomElement(using: &generator) ?? .kept })
        }
        return fates
    }

    /// So many pending changes give 16 states.
    private static let few = 4
    private static let drawn = 12
}
