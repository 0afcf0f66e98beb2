import Configuration
import Foundation
import Model
import TLS
import Testing
import Trust

@testable import Coordinator

struct HostBundleTests {
    @Test("A bundle holds all that an agent needs, and a script that installs it")
    func content() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let host = try #require(HostID("web-1"))
        let directory = "\(scratch.directory)/bundle"
        let files = try HostBundle(scratch.workspace).write(host, port: 7444, to: directory, at: ScratchWorkspace.now)
        let root = "\(directory)/files"
        let paths = AgentPaths()
        let ledger = try scratch.workspace.ledger().id
        #expect(
            files.map { $0.replacingOccurrences(of: directory, with: "") } == [
                "/files\(paths.authority)", "/files\(paths.certificate)", "/files\(paths.privateKey)",
                "/files\(paths.ledgers)/\(ledger)", "/files\(paths.builders)/development.json",
                "/files\(AgentFile.defaultPath)", "/install",
            ]
        )
        let configuration = try AgentFile.parse(try SmallFile.read("\(root)/etc/fleet/agent.yml"), file: "agent.yml")
        #expect(configuration.host == host)
        #expect(configuration.fleet.text == "scratch")
        #expect(configuration.listen.port == 7444)
        let identity = try TLSIdentity(
            certificatePath: root + paths.certificate,
            keyPath: root + paths.privateKey
        )
        #expect(identity.peer.uri == "spiffe://scratch/agent/web-1")
        #expect(try BuilderTrust.load(directory: root + paths.builders).builders.count == 1)
        let key = try AuditVerification.key(file: "\(root)\(paths.ledgers)/\(ledger)")
        #expect(key.name == "fleet/scratch/\(ledger)")
        #expect(try scratch.mode(root + paths.privateKey) == 0o600)
        #expect(try scratch.mode("\(directory)/install") == 0o755)
    }

    @Test("Both scripts are what a POSIX shell accepts, and put every file in its place")
    func scripts() async throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        let host = try #require(HostID("web-1"))
        let directory = "\(scratch.directory)/bundle"
        _ = try HostBundle(scratch.workspace).write(host, to: directory, at: ScratchWorkspace.now)
        _ = try await ExternalCommand(["sh", "-n", "\(directory)/install"]).succeed()
        let material = try HostMaterial.make(host, in: scratch.workspace, port: 7443, at: ScratchWorkspace.now)
        // The same script, with another root than /.
        let root = "\(scratch.directory)/root"
        let script = material.installScript().replacingOccurrences(of: "/etc/fleet", with: "\(root)/etc/fleet")
        _ = try await ExternalCommand(["sh", "-eu"], input: Array(script.utf8)).succeed()
        for file in material.files {
            #expect(try SmallFile.read(root + file.path) == file.bytes, "\(file.path)")
            #expect(try scratch.mode(root + file.path) == Int(file.mode), "\(file.path)")
        }
    }

    @Test("A directory with something in it is no place for a bundle")
    func occupied() throws {
        let scratch = try ScratchWorkspace()
        try scratch.setUp()
        try scratch.write("mine", to: "bundle/notes")
        let host = try #require(HostID("web-1"))
        #expect(throws: CoordinatorError.self) {
            try HostBundle(scratch.workspace).write(host, to: "\(scratch.directory)/bundle", at: ScratchWorkspace.now)
        }
    }

    @Test("The line for fleet.yml says what differs from the name")
    func line() throws {
        let web = try #require(HostID("web-1"))
        #expect(HostEnrolment.line(for: Host(id: web, address: "web-1")) == "- {name: web-1}")
        #expect(
            HostEnrolment.line(for: Host(id: web, address: "10.0.0.1", port: 7444))
                == "- {name: web-1, address: 10.0.0.1, port: 7444}"
        )
        #expect(HostEnrolment.line(for: Host(id: web, address: "fe80::1")) == "- {name: web-1, address: \"fe80::1\"}")
    }

    @Test("The newest packages of the right architecture are taken")
    func packages() throws {
        let scratch = try ScratchWorkspace()
        for name in [
            "fleet-agent_0.9.0_amd64", "fleet-agent_0.10.0_amd64", "fleet-agent_0.10.0~rc1_amd64",
            "fleet-agent_0.11.0_arm64", "fleet-unpack_0.10.0_amd64",
        ] {
            try scratch.write("", to: "debs/\(name).deb")
        }
        let found = try HostPackages.find(in: "\(scratch.directory)/debs", architecture: "amd64")
        #expect(
            found.paths.map { $0.split(separator: "/").last } == [
                "fleet-unpack_0.10.0_amd64.deb", "fleet-agent_0.10.0_amd64.deb",
            ]
        )
        #expect(throws: CoordinatorError.self) {
            try HostPackages.find(in: "\(scratch.directory)/debs", architecture: "riscv64")
        }
    }
}
