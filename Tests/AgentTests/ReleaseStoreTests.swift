import Activation
import Glibc
import Model
import Storage
import Testing
import Trust

@testable import Agent

struct ReleaseStoreTests {
    private let scratch = Scratch()
    private let service = ServiceName(validated: "web")

    private func store() -> ReleaseStore {
        ReleaseStore(service: service, paths: scratch.paths, thread: DedicatedThread(name: "test"))
    }

    /// A release in staging, as if `fleet-unpack` had just written it.
    private func stage(_ version: String, in store: ReleaseStore) async throws -> ReleaseID {
        let release = Release(
            service: service,
            environment: EnvironmentName(validated: "test"),
            version: try Version(parsing: version),
            artifact: Artifact(digest: SHA256.digest(of: Array(version.utf8)), size: ByteCount(1), format: .tar),
            config: [try ConfigEntry(key: "GREETING", value: "say \"hi\" for $5")]
        )
        let bytes = try CanonicalJSON.encode(release)
        let id = ReleaseID(version: release.version, digest: SHA256.digest(of: bytes))
        let staging = try await store.beginStaging(id)
        let name = staging.dropFirst(scratch.path.count + 1)
        try scratch.write("\(name)/service.yml", "service: web\nunit: web.service\nhealthy_for: 0s\n")
        try scratch.write("\(name)/web.service", "[Service]\nExecStart=/srv/web/current/run\n")
        try await store.finishStaging(
            id,
            ReleaseMaterial(release: release, bytes: bytes, provenance: [[1, 2]]),
            manifest: Array("fleet-tree 1\n".utf8)
        )
        return id
    }

    private func switching(to release: ReleaseID?, previous: ReleaseID?, removes: [UnitName] = []) throws -> Switch {
        let installs = release == nil ? [] : [try RelativePath(parsing: "web.service")]
        return Switch(to: release, previous: previous, installs: installs, removes: removes, foreignUnit: .none)
    }

    @Test("A staged release becomes visible whole, with its configuration readable by few")
    func installs() async throws {
        let store = store()
        let id = try await stage("1.0", in: store)
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
        let store = store()
        let old = try await stage("1.0", in: store)
        try await store.install(old)
        let new = try await stage("1.1", in: store)
        try await store.install(new)
        try await store.change(try switching(to: old, previous: nil))
        for _ in 1...2 { try await store.change(try switching(to: new, previous: old)) }
        #expect(try await store.linked("current") == new)
        #expect(try await store.linked("previous") == old)
        #expect(scratch.text("units/web.service")?.contains("release \(new)") == true)
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

    @Test("Going back to nothing leaves no link and no unit")
    func removes() async throws {
        let store = store()
        let id = try await stage("1.0", in: store)
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
        let store = store()
        let unit = UnitName(validated: "web.service")
        try scratch.write("units/web.service", "[Service]\nExecStart=/usr/bin/theirs\n")
        #expect(try await store.occupant(of: unit) == .foreign)
        let id = try await stage("1.0", in: store)
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

    @Test("A full disk is found before anything is written")
    func reserves() async throws {
        let store = store()
        let failure = await #expect(throws: Failure.self) {
            try await store.reserve(.gibibytes(1 << 20), keepingFree: .mebibytes(1))
        }
        #expect(failure?.code == .diskFull)
    }
}
