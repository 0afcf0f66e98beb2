import Glibc
import Model
import Testing

@testable import Agent

struct VerifyTests {
    /// One thing that somebody did to a release behind Fleet's back.
    struct Row: CustomTestStringConvertible, Sendable {
        let path: String
        var text: String?
        let differences: [String]
        var testDescription: String { "\(text == nil ? "removed" : "edited") \(path)" }
    }

    private static let tree = "srv/web/current"

    @Test("A release that nobody touched is intact")
    func intact() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let manifest = try await store.manifest(of: id)
        #expect(await store.differences(of: id, manifest: manifest) == [])
    }

    @Test(
        "Whatever was edited is named",
        arguments: [
            Row(
                path: "\(tree)/.fleet/config.env",
                text: "GREETING=\"x\"\n",
                differences: ["changed: .fleet/config.env"]
            ),
            Row(path: "\(tree)/.fleet/config.env", differences: ["missing: .fleet/config.env"]),
            Row(path: "\(tree)/.fleet/release.json", text: "{}", differences: ["changed: .fleet/release.json"]),
            Row(
                path: "\(tree)/.fleet/manifest",
                text: "fleet-tree 1\n",
                differences: ["changed: .fleet/manifest", "extra: service.yml", "extra: web.service"]
            ),
            Row(
                path: "units/web.service.d/10-fleet.conf",
                text: "[Service]\n",
                differences: ["10-fleet.conf of web.service was changed"]
            ),
            Row(
                path: "units/web.service.d/10-fleet.conf",
                differences: ["10-fleet.conf of web.service is missing"]
            ),
            Row(path: "units/web.service", differences: ["unit file web.service is missing"]),
        ]
    )
    func edited(_ row: Row) async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let manifest = try await store.manifest(of: id)
        // In place, so that the mode stays.
        if let text = row.text {
            let file = try #require(fopen("\(scratch.path)/\(row.path)", "w"))
            fputs(text, file)
            fclose(file)
        } else {
            #expect(unlink("\(scratch.path)/\(row.path)") == 0)
        }
        let found = await store.differences(of: id, manifest: manifest).filter { !$0.hasPrefix("unreadable") }
        #expect(found == row.differences)
    }

    @Test("A service.yml that can't be read any more is a difference, and does not hide the release")
    func brokenSpec() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        let manifest = try await store.manifest(of: id)
        try scratch.write("\(Self.tree)/service.yml", "- this is no mapping\n")
        #expect(try await store.linked(ReleaseStore.current) == id)
        let found = await store.differences(of: id, manifest: manifest)
        #expect(found.contains("changed: service.yml"))
        #expect(found.contains { $0.hasPrefix("unreadable: ") })
    }

    @Test("A link that was turned by hand and a file with another mode are named")
    func linkAndMode() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let old = try await scratch.deploy("1.0", in: store)
        let id = try await scratch.deploy("1.1", in: store)
        let manifest = try await store.manifest(of: id)
        let current = "\(scratch.path)/srv/web/current"
        #expect(chmod("\(current)/.fleet/config.env", 0o644) == 0)
        #expect(unlink(current) == 0 && symlink("releases/\(old)", current) == 0)
        #expect(
            await store.differences(of: id, manifest: manifest) == [
                "link current points to releases/\(old), expected releases/\(id)", "mode changed: .fleet/config.env",
            ]
        )
    }

    @Test("What the journal has no digest of is not called intact")
    func unproven() async throws {
        let scratch = Scratch()
        let store = scratch.store()
        let id = try await scratch.deploy("1.0", in: store)
        #expect(
            await store.differences(of: id, manifest: nil) == [
                "unproven: .fleet/manifest, which the journal has no digest of"
            ]
        )
    }
}
