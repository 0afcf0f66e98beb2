import Configuration
import Foundation
import Glibc
import Model
import Synchronization
import Testing

@testable import Activation
@testable import Agent

/// What an agent does when the disk refuses to sync: it gives up what it was making, and never asks the same again.
@Suite(.serialized) struct FailedSyncTests {
    /// Has the change `index` fail with EIO.
    private func go(_ host: CrashHost, failing index: Int) async throws -> (changes: [DiskChange], reply: HostReply) {
        let recorder = DiskRecorder { _, found in found == index ? EIO : nil }
        let (fixture, artifacts) = (host.fixture, host.artifacts)
        let reply = try await DiskChange.$witness.withValue(recorder) {
            try await host.run { runner in
                var rollout = try await CrashRollout(2, of: fixture, to: runner, artifacts)
                let prepared = try await rollout.prepare(2)
                guard case .prepared = prepared else { return prepared }
                let activated = try await rollout.activate(2)
                guard case .awaitingCommit(let id) = activated else { return activated }
                _ = await rollout.say(.commit(release: id.digest))
                return activated
            }
        }
        return (recorder.changes, reply)
    }

    private func host() async throws -> CrashHost {
        let fixture = try CrashFixture(releases: 3)
        let systemd = ModelSystemd(units: fixture.paths.units)
        let host = try CrashHost(fixture, boot: "one", systemd: systemd, artifacts: "\(fixture.directory)/artifacts")
        try await CrashRecording.begin(on: host)
        return host
    }

    @Test("Every fsync and syncfs of an activation that fails ends it on the old release, and none is asked again")
    func everySync() async throws {
        let whole = try await go(try await host(), failing: -1)
        guard case .awaitingCommit = whole.reply else {
            Issue.record("\(whole.reply)")
            return
        }
        // Before the first word of the journal nothing was begun.
        let begin = try #require(whole.changes.firstIndex { if case .store = $0 { true } else { false } })
        let syncs = whole.changes.indices.filter { $0 > begin && whole.changes[$0].synced != nil }
        try #require(syncs.count > 12)
        for index in syncs {
            let host = try await host()
            let (changes, reply) = try await go(host, failing: index)
            let what = "\(changes[index])"
            switch reply {
            case .refused, .reverted: break
            case let other: Issue.record("\(what): \(other)")
            }
            let path = try #require(changes[index].synced)
            let after = changes[(index + 1)...]
            let again = after.firstIndex { $0.synced == path } ?? after.endIndex
            #expect(
                again == after.endIndex || after[..<again].contains { $0.touches(path) },
                "\(what) is asked again and nothing was written anew"
            )
            let current = try await host.stored()?.current
            #expect(current == (try host.fixture.id(1)), "\(what)")
            #expect(try await host.store.linked(ReleaseStore.current) == current, "\(what)")
            let releases = host.fixture.paths.releases(CrashFixture.service)
            let left = try FileManager.default.contentsOfDirectory(atPath: releases).filter { $0.hasPrefix(".") }
            #expect(left.isEmpty, "\(what) leaves \(left)")
        }
        print("torture: failed syncs: \(syncs.count) tried")
    }

    @Test("A tree that could not be synced is no release, and is thrown away")
    func discards() async throws {
        let whole = try await go(try await host(), failing: -1).changes
        let index = try #require(whole.lastIndex { if case .syncFileSystem = $0 { true } else { false } })
        let host = try await host()
        let (changes, reply) = try await go(host, failing: index)
        guard case .refused(let failure) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(failure.message.contains("syncfs"))
        let id = try host.fixture.id(2).description
        #expect(!changes.contains { if case .rename(_, let to) = $0 { to.hasSuffix("/\(id)") } else { false } })
        #expect(!changes[(index + 1)...].contains { if case .syncFileSystem = $0 { true } else { false } })
        let left = try await host.store.allReleases().map(\.installed.id.description)
        #expect(!left.contains(id), "\(left)")
    }

    @Test("What an agent finds when it starts is durable before it is believed")
    func settles() async throws {
        let host = try await host()
        let recorder = DiskRecorder()
        try await DiskChange.$witness.withValue(recorder) { try await host.run { _ in } }
        let first = recorder.changes.prefix { if case .store = $0 { false } else { true } }
        let paths = host.fixture.paths
        for place in ["\(paths.services)/web", paths.units] {
            #expect(first.contains(.syncFileSystem(place)), "\(place)")
        }
    }

    @Test("An agent whose journal can't be written ends, and performs nothing more")
    func journal() async throws {
        let host = try await host()
        let stores = Mutex(0)
        let recorder = DiskRecorder { change, _ in
            guard case .store = change else { return nil }
            return stores.withLock { count in
                count += 1
                return count == 4 ? EIO : nil
            }
        }
        let (fixture, artifacts) = (host.fixture, host.artifacts)
        let error = await #expect(throws: (any Error).self) {
            try await DiskChange.$witness.withValue(recorder) {
                try await host.run { runner in
                    var rollout = try await CrashRollout(2, of: fixture, to: runner, artifacts)
                    try await rollout.deploy(2)
                }
            }
        }
        // Whichever of them is heard first: why it ended, or that it did.
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains("agent.db") || words.contains("the agent ended"), "\(words)")
        guard case .store? = recorder.changes.last else {
            Issue.record("goes on with \(String(describing: recorder.changes.last))")
            return
        }
    }
}

extension DiskChange {
    /// What a sync is about.
    fileprivate var synced: String? {
        switch self {
        case .syncFile(let path), .syncDirectory(let path), .syncFileSystem(let path): path
        case .makeDirectory, .create, .write, .setMode, .symbolicLink, .rename, .exchange, .unlink, .removeDirectory,
            .store:
            nil
        }
    }

    /// Whether it writes anew to what lies at `path`, or in it.
    fileprivate func touches(_ path: String) -> Bool {
        switch self {
        case .makeDirectory(let other), .create(let other, _), .write(let other, _), .symbolicLink(let other, _),
            .unlink(let other), .rename(_, let other), .exchange(_, let other), .removeDirectory(let other):
            other.hasPrefix(path)
        case .setMode, .syncFile, .syncDirectory, .syncFileSystem, .store: false
        }
    }
}
