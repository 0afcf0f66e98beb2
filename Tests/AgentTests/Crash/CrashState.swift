import Activation
import TestSupport

@testable import Agent

/// What one power cut leaves: files, and the journal as it was stored by then.
struct CrashState {
    /// The change that was not made any more.
    let index: Int
    let before: DiskChange?
    let image: DiskImage
    let machine: ServiceMachine
    /// How much was lost, for people.
    let loss: String

    /// Every state that a power cut may leave anywhere in a run, without those that are the same.
    static func all(
        after changes: [DiskChange],
        on disk: CrashDisk,
        machine: ServiceMachine,
        seed: UInt64
    ) -> [CrashState] {
        var generator = SeededGenerator(seed: seed)
        var (disk, machine) = (disk, machine)
        var states: [CrashState] = []
        var seen: Set<Int> = []
        for (index, change) in (changes.map(Optional.some) + [nil]).enumerated() {
            for fates in disk.fates(&generator) {
                let image = disk.image(fates)
                var hasher = Hasher()
                hasher.combine(machine)
                for entry in image.entries {
                    hasher.combine(entry.path)
                    hasher.combine(entry.kind)
                }
                guard seen.insert(hasher.finalize()).inserted else { continue }
                let loss = "\(fates.count { $0 != .kept }) of \(fates.count) pending changes lost"
                states.append(CrashState(index: index, before: change, image: image, machine: machine, loss: loss))
            }
            guard let change else { break }
            if case .store(let stored) = change { machine = stored }
            disk.perform(change)
        }
        return states
    }
}
