import Activation
import Glibc
import Model
import Testing

@testable import Agent

struct ReleaseStoreTests {
    private let scratch = Scratch()

    private func switching(to release: ReleaseID?, previous: ReleaseID?, removes: [UnitName] = []) throws -> Switch {
        let installs = release == nil ? [] : [try RelativePath(parsing: "web.service")]
        return Switch(to: release, previous: previous, installs: installs, removes: removes, foreignUnit: .none)
    }

    @Test("A staged release becomes visible whole, with its configuration readable by few")
    func installs() async throws {
        let store = scratch.store()
        let id = try await scratch.stage("1.0", in: store)
        #expect(try await store.allReleases().isEmpty)
        try await store.install(id)
        #expect(try await store.allReleases().map(\.installed.id) == [id])
        let tree = "srv/web/releases/\(id)"
        #expect(scratch.text("\(tree)/.fleet/config.env") == "GREETING=\"say \\\"hi\\\" for \\$5\"\n")
        var status = stat()
        #expect(stat("\(scratch.path)/\(tree)/.fleet/config.env", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
        try await store.install(id)  // the repetition after a crash
    }

    @Test("A switch moves links and unit files, and is the same when repeated")
    func switches() async throws {
        let store = scratch.store()
        let old = try await scratch.stage("1.0", in: store)
        try await store.install(old)
        let new = try await scratch.stage("1.1", in: store)
        try await store.install(new)
        try await store.change(try switching(to: old, previous: nil))
        var unit = stat()
        #expect(stat("\(scratch.path)/units/web.service", &unit) == 0)
        for _ in 1...2 { try await store.change(try switching(to: new, previous: old)) }
        // Both bring the same unit, which systemd then need not read anew.
        var same = stat()
        #expect(stat("\(scratch.path)/units/web.service", &same) == 0)
        #expect(unit.st_ino == same.st_ino)
        #expect(try await store.linked("current") == new)
        #expect(try await store.linked("previous") == old)
        #expect(scratch.text("units/web.service")?.contains("ExecStart=/srv/web/current/run") == true)
        let dropIn = scratch.text("units/web.service.d/10-fleet.conf") ?? ""
        #expect(dropIn.contains("fleet-recover.service"))
        #expect(dropIn.contains("EnvironmentFile=-\(scratch.path)/srv/web/current/.fleet/config.env"))
        #expect(try await store.unitDrift(of: new).isEmpty)
        try scratch.write(
            "units/web.service",
            "# Installed by Fleet for service 'web'\n[Service]\nExecStart=/bin/false\n"
        )
        #expect(try await store.unitDrift(of: new) == ["unit file web.service was changed"])
    }

    @Test("A unit file that is the same takes away what a crash has left of writing another")
    func forgetsHalfAUnit() async throws {
        let store = scratch.store()
        let release = try await scratch.deploy("1.0", in: store)
        try scratch.write("units/.web.service.new", "[Serv")
        try await store.change(try switching(to: release, previous: nil))
        #expect(scratch.text("units/.web.service.new") == nil)
    }

    @Test("What could not be removed before goes before the next release is unpacked")
    func sweeps() async throws {
        let store = scratch.store()
        let release = try await scratch.deploy("1.0", in: store)
        _ = try await scratch.stage("1.1", in: store)
        try scratch.write("srv/web/releases/.deleted-0.9-0123456789ab/bin/web", "old")
        try await store.removeLeftovers()
        #expect(try Directory(path: "\(scratch.path)/srv/web/releases").entries() == [release.description])
    }

    @Test("Going back to nothing leaves no link and no unit")
    func removes() async throws {
        let store = scratch.store()
        let id = try await scratch.stage("1.0", in: store)
        try await store.install(id)
        try await store.change(try switching(to: id, previous: nil))
        try await store.change(try switching(to: nil, previous: nil, removes: [UnitName(validated: "web.service")]))
        #expect(scratch.link("srv/web/current") == nil)
        #expect(!scratch.exists("units/web.service"))
        #expect(!scratch.exists("units/web.service.d"))
        #expect(scratch.exists("srv/web/releases/\(id)"))
    }

    @Test("A foreign unit that was adopted is put back")
    func adopts() async throws {
        let store = scratch.store()
        let unit = UnitName(validated: "web.service")
        try scratch.write("units/web.service", "[Service]\nExecStart=/usr/bin/theirs\n")
        #expect(try await store.occupant(of: unit) == .foreign)
        let id = try await scratch.stage("1.0", in: store)
        try await store.install(id)
        let installs = [try RelativePath(parsing: "web.service")]
        try await store.change(
            Switch(to: id, previous: nil, installs: installs, removes: [], foreignUnit: .save(unit))
        )
        #expect(try await store.occupant(of: unit) == .ours)
        try await store.change(
            Switch(to: nil, previous: nil, installs: [], removes: [], foreignUnit: .restore(unit))
        )
        #expect(scratch.text("units/web.service") == "[Service]\nExecStart=/usr/bin/theirs\n")
    }

    @Test("A mask is nobody's unit but its owner's, and comes back as the link that it was")
    func adoptsMask() async throws {
        let store = scratch.store()
        let unit = UnitName(validated: "web.service")
        try scratch.write("units/other.service", "")
        #expect(symlink("/dev/null", "\(scratch.path)/units/web.service") == 0)
        #expect(try await store.occupant(of: unit) == .foreign)
        #expect(try await store.isMasked(unit))
        let id = try await scratch.stage("1.0", in: store)
        try await store.install(id)
        let installs = [try RelativePath(parsing: "web.service")]
        for _ in 1...2 {
            try await store.change(
                Switch(to: id, previous: nil, installs: installs, removes: [], foreignUnit: .save(unit))
            )
        }
        #expect(try await store.occupant(of: unit) == .ours)
        #expect(scratch.link("units/web.service") == nil)
        for _ in 1...2 {
            try await store.change(
                Switch(to: nil, previous: nil, installs: [], removes: [], foreignUnit: .restore(unit))
            )
            #expect(scratch.link("units/web.service") == "/dev/null")
        }
    }

    @Test("What a preparation or a deletion that was cut off has left is removed, and no release with it")
    func leftovers() async throws {
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let other = try await scratch.stage("1.1", in: store)
        try scratch.write("srv/web/releases/.deleted-0.9-aaaaaaaaaaaa/bin/run", "half")
        #expect(try await store.removeLeftovers() == [".deleted-0.9-aaaaaaaaaaaa", ".staging-\(other)"])
        #expect(try await store.removeLeftovers().isEmpty)
        #expect(try await store.allReleases().map(\.installed.id) == [id])
    }
}
