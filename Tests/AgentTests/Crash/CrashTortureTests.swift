import Activation
import Artifacts
import Configuration
import Foundation
import Model
import TestSupport
import Testing

@testable import Agent

/// The real decisions and the real file operations of an agent over a file system that keeps only what was synced.
///
/// `SEED` repeats a run.
@Suite(.serialized) struct CrashTortureTests {
    /// What the disk sees of an agent's work, from the disk and the journal that it begins with.
    private func record(_ fixture: CrashFixture) async throws -> (
        disk: CrashDisk, machine: ServiceMachine, changes: [DiskChange]
    ) {
        let systemd = ModelSystemd(units: fixture.paths.units)
        let host = try CrashHost(fixture, boot: "before", systemd: systemd, artifacts: "\(fixture.directory)/artifacts")
        try await CrashRecording.begin(on: host)
        let machine = try #require(try await host.stored())
        let disk = CrashDisk(root: fixture.root, holding: DiskImage.entries(of: fixture.root).filter { !$0.isJournal })
        let recorder = DiskRecorder()
        try await CrashRecording.go(on: host, seenBy: recorder)
        return (disk, machine, recorder.changes)
    }

    @Test("Whatever a power cut leaves, the host runs what its journal says, whole, and takes the next release")
    func everyState() async throws {
        let began = ContinuousClock.now
        let seed = SeededGenerator.seedOfRun
        let fixture = try CrashFixture(releases: CrashRecording.releases.count)
        let (disk, machine, changes) = try await record(fixture)
        let states = CrashState.all(after: changes, on: disk, machine: machine, seed: seed)
        try #require(states.count > 300, "only \(states.count) states in \(changes.count) changes")
        // Few states hold a link that a switch has left half made, and a sample could miss them.
        let links = states.filter(\.hasTemporaryLink)
        try #require(links.count >= 5)
        let tried = (Torture.isExhaustive ? [] : links) + Torture.points(states, sample: 130)
        var failures = 0
        for state in tried {
            let problems = try await recover(from: state, fixture)
            guard !problems.isEmpty else { continue }
            failures += 1
            Issue.record("SEED=\(seed), cut before \(state.index) \(state.words), \(state.loss): \(problems)")
            if failures > 20 { break }
        }
        let took = (ContinuousClock.now - began).components.seconds
        print(
            "torture: power cuts on a model disk: \(tried.count) of \(states.count) states after \(changes.count) changes, "
                + "\(failures) failures, \(took) s, SEED=\(seed)"
        )
    }

    private func recover(from state: CrashState, _ fixture: CrashFixture) async throws -> [String] {
        // Its owner may change what is read-only in a release.
        try? CrashFixture.wipe(fixture.root)
        try FileManager.default.createDirectory(atPath: fixture.root, withIntermediateDirectories: true)
        try state.image.make(in: fixture.root)
        let artifacts = "\(fixture.directory)/artifacts"
        do {
            let systemd = ModelSystemd(units: fixture.paths.units)
            let host = try CrashHost(fixture, boot: "writes the journal", systemd: systemd, artifacts: artifacts)
            try await host.remember(state.machine)
        }
        return await CrashTrial(fixture: fixture, artifacts: artifacts, releases: CrashRecording.releases).problems()
    }
}

extension DiskImage.Entry {
    /// The journal and the lock are SQLite's and the kernel's business.
    fileprivate var isJournal: Bool { path.contains("/var/agent.") }
}

extension CrashState {
    fileprivate var hasTemporaryLink: Bool {
        image.entries.contains { entry in
            guard case .link = entry.kind else { return false }
            return entry.path.hasSuffix(".new")
        }
    }

    fileprivate var words: String {
        switch before {
        case .write(let path, let bytes)?: "write of \(bytes.count) bytes to \(path)"
        case .store?: "store"
        case let change?: "\(change)"
        case nil: "the end"
        }
    }
}
