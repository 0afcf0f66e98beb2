import Configuration
import Foundation
import Model
import Synchronization
import TestSupport
import Testing

@testable import Activation
@testable import Agent

/// Real power cuts of a real ext4 under the real agent: at each change of the disk and at each word of the journal.
@Suite(.serialized, .enabled(if: LoopDisk.canBeMade()))
struct PowerCutTortureTests {
    /// Runs the three rollouts on what was kept; before the change `index` the power goes.
    ///
    /// - Returns: How many changes the agent has made or tried to make.
    private func go(_ fixture: CrashFixture, _ disk: LoopDisk, cutBefore index: Int?) async throws -> Int {
        let systemd = ModelSystemd(units: fixture.paths.units)
        let host = try CrashHost(
            fixture,
            boot: "before",
            systemd: systemd,
            artifacts: "\(fixture.paths.state)/artifacts"
        )
        let isOff = Mutex(false)
        let failure = Mutex<String?>(nil)
        let recorder = DiskRecorder { _, found in
            guard found == index else { return nil }
            do { try disk.cutPower() } catch { failure.withLock { $0 = "\(error)" } }
            isOff.withLock { $0 = true }
            return nil
        }
        do {
            try await CrashRecording.go(on: host, seenBy: recorder)
        } catch {
            try #require(isOff.withLock { $0 }, "\(error)")
        }
        try #require(failure.withLock { $0 } == nil)
        return recorder.changes.count
    }

    @Test("Wherever the power is cut, the host runs what its journal says, whole, and takes the next release")
    func everyChange() async throws {
        let began = ContinuousClock.now
        let disk = try LoopDisk(size: "48M")
        defer { try? disk.end() }
        let fixture = try CrashFixture(releases: CrashRecording.releases.count, root: "\(disk.mount)/host")
        do {
            let systemd = ModelSystemd(units: fixture.paths.units)
            let artifacts = "\(fixture.paths.state)/artifacts"
            try await CrashRecording.begin(on: CrashHost(fixture, boot: "one", systemd: systemd, artifacts: artifacts))
        }
        try disk.keep()
        let count = try await go(fixture, disk, cutBefore: nil)
        try #require(count > 200, "only \(count) changes")
        let points = Torture.points(Array(0..<count), sample: 24)
        var failures = 0
        for point in points {
            try disk.restore()
            _ = try await go(fixture, disk, cutBefore: point)
            try disk.unmount()
            try disk.remount()
            let artifacts = "\(fixture.paths.state)/artifacts"
            let trial = CrashTrial(fixture: fixture, artifacts: artifacts, releases: CrashRecording.releases)
            let problems = await trial.problems()
            guard !problems.isEmpty else { continue }
            failures += 1
            Issue.record("cut before change \(point) of \(count): \(problems)")
        }
        let took = (ContinuousClock.now - began).components.seconds
        print("torture: power cuts on ext4: \(points.count) of \(count) tried, \(failures) failures, \(took) s")
    }
}
