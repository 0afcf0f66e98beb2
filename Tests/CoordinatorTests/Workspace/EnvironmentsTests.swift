import Model
import Testing

@testable import Coordinator

struct EnvironmentsTests {
    private static let fleet = """
        fleet: scratch
        services:
          hello:
            environments:
              file: {inventory: hosts.ini}
              program: {inventory: hosts}

        """

    @Test("Hosts come from an inventory file or program beside fleet.yml")
    func inventories() async throws {
        let scratch = try ScratchWorkspace(fleetFile: Self.fleet)
        try scratch.write("[all]\nweb-1 ansible_host=10.0.0.1\nweb-2\n", to: "hosts.ini")
        // Written by a child: a program that this process holds open for writing while another test forks can't be run.
        let script =
            #"printf '#!/bin/sh\ntest "$1" = --list && echo %s\n' "'{\"hosts\": [\"db-1\"]}'" >"$0"; chmod 755 "$0""#
        _ = try await ExternalCommand(["sh", "-c", script, "\(scratch.directory)/hosts"]).succeed()
        let configuration = try scratch.workspace.configuration()
        let environments = try await scratch.workspace.environments(in: configuration)
        #expect(environments.map(\.name.text) == ["file", "program"])
        #expect(environments.map { $0.hosts.map(\.id.text) } == [["web-1", "web-2"], ["db-1"]])
        #expect(environments[0].hosts[0].address == "10.0.0.1")
    }

    @Test("A host of several environments is asked once")
    func unique() async throws {
        let scratch = try ScratchWorkspace()
        let environments = try await scratch.workspace.environments(in: try scratch.workspace.configuration())
        #expect(FleetStatus.hosts(of: environments).map(\.id.text) == ["h1", "h2", "h3"])
    }
}
