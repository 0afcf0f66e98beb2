import Activation
import Artifacts
import Glibc
import Model
import Testing

@testable import Agent

/// Trees that are unpacked again.
struct RestoreTests {
    private static func rig() async throws -> (PreparationRig, Restoration) {
        let rig = try PreparationRig()
        try rig.makeArtifacts()
        let (id, failure) = try await rig.prepare(try rig.release(.tarZstd))
        try #require(failure == nil)
        return (rig, Restoration(release: id, manifest: try await rig.performer.store.manifest(of: id)))
    }

    @Test(
        "Whatever was changed, added or removed, the tree is again what was unpacked, with its papers",
        arguments: [
            "echo more >>bin/run", "rm -r bin", "touch extra; chmod 700 bin", "rm .fleet/config.env",
            "echo A=b >>.fleet/config.env", "echo x >>.fleet/manifest", "rm -r bin .fleet/manifest .fleet/config.env",
        ]
    )
    func restores(script: String) async throws {
        let (rig, restoration) = try await Self.rig()
        let tree = "srv/web/releases/\(restoration.release)"
        try rig.shell("cp -a \(tree) before; cd \(tree); \(script)")
        #expect(await !rig.performer.store.isWhole(restoration))
        let result = await rig.performer.perform(.restore([restoration]))
        #expect(result == .done)
        #expect(await rig.performer.store.isWhole(restoration))
        try rig.shell(
            "diff -r --no-dereference before \(tree); test -z \"$(ls -A srv/web/releases | grep staging || true)\""
        )
    }

    @Test("A tree that is whole is not touched, also where its artifact is gone")
    func whole() async throws {
        let (rig, restoration) = try await Self.rig()
        try rig.shell("rm -r var/artifacts/sha256/*; stat -c %i:%Z srv/web/releases/\(restoration.release) >before")
        #expect(await rig.performer.perform(.restore([restoration])) == .done)
        try rig.shell("stat -c %i:%Z srv/web/releases/\(restoration.release) | cmp - before")
    }

    @Test("What nobody can vouch for any more is refused, and nothing is replaced", arguments: [true, false])
    func refuses(artifactIsGone: Bool) async throws {
        let (rig, restoration) = try await Self.rig()
        let tree = "srv/web/releases/\(restoration.release)"
        try rig.shell("rm \(tree)/bin/run")
        try rig.shell(artifactIsGone ? "rm -r var/artifacts/sha256/*" : "echo ' ' >>\(tree)/.fleet/release.json")
        guard case .failed(let failure) = await rig.performer.perform(.restore([restoration])) else {
            Issue.record("restored from nothing")
            return
        }
        #expect(failure.code == .artifactMissing, "\(failure)")
        try rig.shell("test -e \(tree)/service.yml; test ! -e \(tree)/bin/run")
    }

    @Test("What can't be unpacked again changes nothing, and keeps no room promised")
    func unpackFails() async throws {
        let flags = Scratch()
        let broken = "\(flags.path)/broken"
        let rig = try PreparationRig(tool: "#!/bin/sh\ntest ! -e \(broken) && exec REAL \"$@\"\n")
        try rig.makeArtifacts()
        let (id, failure) = try await rig.prepare(try rig.release(.tarZstd))
        try #require(failure == nil)
        let tree = "srv/web/releases/\(id)"
        try rig.shell("touch \(broken); rm \(tree)/bin/run")
        let restoration = Restoration(release: id, manifest: try await rig.performer.store.manifest(of: id))
        #expect(await rig.performer.perform(.restore([restoration])).problem != nil)
        try rig.shell("test -e \(tree)/service.yml; test ! -e \(tree)/bin/run")
        let releases = try OpenFile(path: "\(rig.scratch.path)/srv/web/releases", flags: O_RDONLY | O_DIRECTORY)
        #expect(try rig.host.artifacts.reservations.promised(at: releases) == ByteCount(0))

        try rig.shell("rm \(broken)")
        #expect(await rig.performer.perform(.restore([restoration])) == .done)
        #expect(await rig.performer.store.isWhole(restoration))
    }

    @Test("A crash on the way leaves a whole tree or the changed one, and the repetition ends it")
    func repeated() async throws {
        let (rig, restoration) = try await Self.rig()
        let tree = "srv/web/releases/\(restoration.release)"
        try rig.shell(
            "rm \(tree)/bin/run; mkdir srv/web/releases/.staging-\(restoration.release); echo half >srv/web/releases/.staging-\(restoration.release)/x"
        )
        #expect(await rig.performer.perform(.restore([restoration])) == .done)
        #expect(await rig.performer.perform(.restore([restoration])) == .done)
        #expect(await rig.performer.store.isWhole(restoration))
    }
}
