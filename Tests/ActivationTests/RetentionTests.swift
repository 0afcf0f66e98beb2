import Activation
import Model
import TestSupport
import Testing

/// What may leave the disk.
struct RetentionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Releases in the order of their rollouts; negative is back to that one.
        let rollouts: [Int]
        let current: Int
        let previous: Int
    }

    @Test(
        "Neither current nor previous goes, however old they are",
        arguments: [
            Row(testDescription: "forwards", rollouts: [1, 2, 3, 4, 5, 6], current: 6, previous: 5),
            Row(testDescription: "back to the oldest", rollouts: [1, 2, -1], current: 1, previous: 2),
            Row(testDescription: "back, and on", rollouts: [1, 2, -1, 3, 4, 5], current: 5, previous: 4),
            Row(testDescription: "back late", rollouts: [1, 2, 3, 4, 5, -4], current: 4, previous: 5),
            Row(testDescription: "an old one again", rollouts: [1, 2, 3, 2, 4], current: 4, previous: 2),
            Row(testDescription: "the oldest as current", rollouts: [1, 2, 3, 1], current: 1, previous: 3),
        ]
    )
    func links(_ row: Row) {
        var rig = Rig()
        for release in row.rollouts {
            _ = rig.claim()
            if release < 0 {
                _ = rig.activate(-release, .rollback)
                _ = rig.commit(-release)
            } else {
                rig.deploy(release)
            }
            _ = rig.ask(.releaseClaim)
        }
        let report = rig.world.machine.report
        #expect(report.current?.id == Fixture.id(row.current))
        #expect(report.previous?.id == Fixture.id(row.previous))
        #expect(rig.world.trees[Fixture.id(row.current)] != nil)
        #expect(rig.world.trees[Fixture.id(row.previous)] != nil)
        #expect(rig.world.trees.count <= 3)
        #expect(rig.world.violations == [])
    }

    @Test("In any history, nothing goes that is current, previous, or named by the rollout that holds the host")
    func histories() {
        var removed = 0
        for seed in SeededGenerator.seeds(usual: 60) {
            var history = RetentionHistory(seed: seed)
            for _ in 0..<30 {
                history.step()
                guard history.problems.isEmpty, history.rig.world.violations.isEmpty else {
                    Issue.record("SEED=\(seed): \(history.problems) \(history.rig.world.violations)")
                    return
                }
            }
            removed += history.removed
        }
        // Histories in which everything stays would prove nothing.
        #expect(removed > 60)
    }
}

/// Rollouts, one after the other, of releases that are drawn; some are abandoned, some go back.
private struct RetentionHistory {
    var rig = Rig()
    private var random: SeededGenerator
    /// Releases of which the rollout that holds the host has spoken.
    private var named: Set<ReleaseID> = []
    private(set) var removed = 0
    private(set) var problems: [String] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        // What a crash leaves is not asked here, and writing it takes most of the time.
        rig.world.storesEachEvent = false
        rig.world.machine.settings.keep = Int.random(in: 2...4, using: &random)
    }

    mutating func step() {
        let before = Set(rig.world.trees.keys)
        let report = rig.world.machine.report
        let release = Int.random(in: 1...9, using: &random)
        if report.claim == nil { _ = rig.claim() }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3:
            if case .prepared(let id)? = rig.prepare(release) { named.insert(id) }
        case 3..<7:
            rig.deploy(release)
            named.formUnion([report.current?.id, rig.current].compactMap(\.self))
        case 7:
            guard let previous = report.previous?.id, let number = (1...9).first(where: { Fixture.id($0) == previous })
            else { return }
            _ = rig.activate(number, .rollback)
            _ = rig.commit(number)
            named.formUnion([report.current?.id, rig.current].compactMap(\.self))
        default:
            // The claim that named them ends, so that only the links count.
            _ = rig.ask(.releaseClaim)
            named = []
        }
        let gone = before.subtracting(rig.world.trees.keys)
        removed += gone.count
        let now = rig.world.machine.report
        let kept = [now.current, now.previous].compactMap(\.?.id)
        for id in kept + named where rig.world.trees[id] == nil { problems.append("\(id) is not there") }
    }
}
