import Configuration
import Model
import Testing

struct AgentFileTests {
    private let minimal = "fleet: example\nhost: web-1\n"

    @Test("Two names are enough; the rest is the default of the struct")
    func defaults() throws {
        let parsed = try AgentFile.parse([UInt8](minimal), file: "agent.yml")
        let expected = AgentConfiguration(fleet: try FleetName(parsing: "example"), host: try HostID(parsing: "web-1"))
        #expect(parsed == expected)
        #expect(parsed.listen.description == "[::]:7443")
        #expect(parsed.paths.database == "/var/lib/fleet/agent.db")
    }

    @Test("A file with every key says all of it")
    func complete() throws {
        let parsed = try AgentFile.parse(Fixture.bytes("complete/agent.yml"), file: "agent.yml")
        var expected = AgentConfiguration(fleet: try FleetName(parsing: "example"), host: try HostID(parsing: "web-1"))
        expected.listen = HostPort(host: "10.0.0.11", port: 7444)
        expected.keepReleases = 5
        expected.claimLease = .hours(1)
        expected.limits.maxEntries = 50_000
        expected.limits.maxBytes = .gibibytes(4)
        expected.limits.minFreeDisk = .gibibytes(1)
        #expect(parsed == expected)
    }

    @Test("Every path moves below the root, the unpack tool stays")
    func root() throws {
        let text = minimal + "root: /tmp/one\npaths: {services: /data/srv}\n"
        let parsed = try AgentFile.parse([UInt8](text), file: "agent.yml")
        let paths = parsed.paths
        #expect(paths.services == "/tmp/one/data/srv")
        #expect(paths.artifacts == "/tmp/one/var/lib/fleet/artifacts/sha256")
        let all = [
            paths.services, paths.state, paths.socket, paths.authority, paths.certificate, paths.privateKey,
            paths.trust,
            paths.units, paths.credentials,
        ]
        #expect(all.allSatisfy { $0.hasPrefix("/tmp/one/") })
        #expect(parsed.unpackTool == "/usr/libexec/fleet/fleet-unpack")
    }
}
