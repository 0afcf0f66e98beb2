import Configuration
import Foundation
import Glibc
import Model
import Testing
import Trust

@testable import Activation
@testable import Agent

/// Preparations on a disk that has no room for all of them.
@Suite(.enabled(if: geteuid() == 0)) struct DiskRoomTests {
    /// A host with a release of 3 MiB in its store and 10 MiB for releases, of which 4 stay free.
    private func small() throws -> (rig: PreparationRig, release: Release, id: ReleaseID) {
        var limits = AgentConfiguration.Limits()
        limits.minFreeDisk = .mebibytes(4)
        let rig = try PreparationRig(limits: limits)
        try rig.scratch.write("d/service.yml", "service: web\nstrategy: none\n")
        try rig.shell("head -c 3M /dev/urandom > d/data; tar -cf a.tar -C d .")
        let release = try rig.release(.tar)
        try rig.shell("mount -t tmpfs -o size=10m tmpfs srv")
        return (rig, release, ReleaseID(version: release.version, digest: try release.digest()))
    }

    private func end(_ rig: PreparationRig) { _ = try? rig.shell("umount -l srv") }  // its removal would fail loudly

    @Test("Two services that prepare at the same time are not promised the same room")
    func twoServices() async throws {
        let (rig, release, id) = try small()
        defer { end(rig) }
        let service = ServiceName(validated: "api")
        let other = EffectPerformer(
            service: service,
            host: rig.host,
            store: ReleaseStore(service: service, paths: rig.host.paths, thread: rig.host.thread),
            materials: MaterialCache()
        )
        #expect(await rig.performer.perform(.reserve(id, release)) == .done)
        let promised = await other.perform(.reserve(id, release)).problem
        #expect(promised?.code == .diskFull)
        #expect(
            promised?.message.contains("promised to other preparations, but 3") == true,
            "\(promised?.message ?? "")"
        )
        #expect(try rig.shell("ls -A srv/api/releases") == "")

        // Whom it was promised to has it; then it is gone, promised or not.
        #expect(try await rig.prepare(release).failure == nil)
        let taken = await other.perform(.reserve(id, release)).problem
        #expect(taken?.code == .diskFull)
        #expect(taken?.message.contains("promised") == false, "\(taken?.message ?? "")")
        try await rig.performer.store.delete(id)
        #expect(await other.perform(.reserve(id, release)) == .done)

        // What is abandoned gives its promise back.
        #expect(await rig.performer.perform(.reserve(id, release)).problem?.code == .diskFull)
        try await other.discardStaging(id)
        #expect(await rig.performer.perform(.reserve(id, release)) == .done)
    }

    @Test("A tree that is unpacked again needs its room, too; without it the changed one stays")
    func restored() async throws {
        let (rig, release, id) = try small()
        defer { end(rig) }
        #expect(try await rig.prepare(release).failure == nil)
        let restoration = Restoration(release: id, manifest: try await rig.performer.store.manifest(of: id))
        let tree = "srv/web/releases/\(id)"
        try rig.shell("rm \(tree)/service.yml; head -c 1M /dev/urandom >srv/other")
        #expect(await rig.performer.perform(.restore([restoration])).problem?.code == .diskFull)
        try rig.shell("test -s \(tree)/data; test ! -e \(tree)/service.yml; test \"$(ls -A srv/web/releases)\" = \(id)")

        for _ in 0..<2 {
            try rig.shell("rm -f srv/other \(tree)/data")
            #expect(await rig.performer.perform(.restore([restoration])) == .done)
            #expect(await rig.performer.store.isWhole(restoration))
        }
    }

    @Test("On a full disk nothing is unpacked, and what was not counted on leaves nothing behind")
    func full() async throws {
        let (rig, release, id) = try small()
        defer { end(rig) }
        try rig.shell("head -c 4M /dev/zero > srv/other")
        let failure = try await rig.prepare(release).failure
        #expect(failure?.code == .diskFull)
        let words = ["6 MiB free", "4 MiB stay in reserve", "free some space"]
        for word in words { #expect(failure?.message.contains(word) == true, "\(failure?.message ?? "")") }
        #expect(try rig.shell("ls -A srv/web/releases") == "")

        // Somebody else fills the disk after the promise.
        try rig.shell("rm srv/other")
        #expect(await rig.performer.perform(.reserve(id, release)) == .done)
        try rig.shell("head -c 9M /dev/zero > srv/other")
        let late = try await rig.prepare(release).failure
        #expect(late?.code == .diskFull)
        try await rig.performer.discardStaging(id)
        #expect(try rig.shell("ls -A srv/web/releases") == "")
    }

    @Test("An artifact that could not be unpacked is not fetched")
    func fetch() throws {
        let (rig, _, _) = try small()
        defer { end(rig) }
        let digest = Digest(bytes: [UInt8](repeating: 1, count: 32))
        let error = #expect(throws: (any Error).self) { try rig.host.ingest(digest, size: .mebibytes(1)) }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains("disk_full") && words.contains("/srv"), "\(words)")
        #expect(try rig.shell("find var/artifacts -name '.incoming-*'") == "")
    }
}

extension EffectResult {
    var problem: Failure? { if case .failed(let failure) = self { failure } else { nil } }
}
