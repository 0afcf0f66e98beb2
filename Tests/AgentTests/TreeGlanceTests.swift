import Glibc
import Model
import Testing

@testable import Agent

/// What each look notices of a tree that somebody has changed.
struct TreeGlanceTests {
    private static let tree = "srv/web/current"

    private func looks(_ count: Int, _ store: ReleaseStore, _ id: ReleaseID, _ glance: TreeGlance) async throws
        -> [String]
    {
        let manifest = try await store.manifest(of: id)
        var drift: [String] = []
        for _ in 0..<count { drift = await store.drift(of: id, manifest: manifest, glance) }
        // The unit that is installed differs from a changed tree, too.
        return drift.filter { !$0.hasPrefix("unit file") && !$0.hasPrefix("unreadable") }
    }

    /// Change times have the clock's ticks, and what is changed in the same tick was changed while it was unpacked.
    private func letTheClockTick() { usleep(20_000) }

    @Test("A tree that nobody touched has not drifted, whoever has read it")
    func intact() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        letTheClockTick()
        _ = scratch.text("\(Self.tree)/service.yml")
        #expect(try await looks(4, store, id, TreeGlance()) == [])
    }

    @Test(
        "What was edited, added, removed or made another is named by the next look that walks the tree",
        arguments: [
            ("printf x | dd of=web.service conv=notrunc status=none", "changed: web.service"),
            ("echo more >>web.service", "changed: web.service"), ("touch extra", "extra: extra"),
            ("rm web.service", "missing: web.service"), ("chmod 600 web.service", "mode changed: web.service"),
            ("rm web.service; ln -s service.yml web.service", "type changed: web.service"),
            ("printf x >.fleet/config.env", "changed: .fleet/config.env"),
        ]
    )
    func changed(script: String, difference: String) async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let glance = TreeGlance()
        #expect(try await looks(1, store, id, glance) == [])
        letTheClockTick()
        #expect(system("cd \(scratch.path)/\(Self.tree)/ && \(script)") == 0)
        let found = try await looks(3, store, id, glance)
        #expect(found.contains(difference), "\(found)")
        #expect(try await looks(3, store, id, glance) == found, "a later look forgets nothing")
    }

    @Test("What has the same content again has not drifted, and a file that was only touched is read once")
    func healed() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let glance = TreeGlance()
        let text = try #require(scratch.text("\(Self.tree)/web.service"))
        letTheClockTick()
        #expect(
            system("cd \(scratch.path)/\(Self.tree)/ && printf x | dd of=web.service conv=notrunc status=none") == 0
        )
        #expect(try await looks(3, store, id, glance) == ["changed: web.service"])
        let file = try #require(fopen("\(scratch.path)/\(Self.tree)/web.service", "w"))
        fputs(text, file)
        fclose(file)
        #expect(try await looks(3, store, id, glance) == [])
    }

    @Test("Papers that were written again hide nothing: the oldest of them counts")
    func papersTouched() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        letTheClockTick()
        let script = "printf x | dd of=web.service conv=notrunc status=none; sleep 0.02; touch .fleet/manifest"
        #expect(system("cd \(scratch.path)/\(Self.tree)/ && \(script)") == 0)
        #expect(try await looks(1, store, id, TreeGlance()) == ["changed: web.service"])
    }
}
