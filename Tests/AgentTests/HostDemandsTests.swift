import Model
import Testing

@testable import Agent

struct HostDemandsTests {
    private let scratch = Scratch()

    private var demands: HostDemands {
        HostDemands(paths: scratch.paths, service: ServiceName(validated: "web"), tree: "\(scratch.path)/tree")
    }

    @Test("A credential that no store has is named")
    func credentials() throws {
        try scratch.write("credstore/api-key", "secret")
        let secrets = [
            SecretReference(variable: "A", credential: "api-key"), SecretReference(variable: "B", credential: "absent"),
        ]
        #expect(demands.missingCredentials(secrets) == ["absent"])
    }

    @Test("What a unit file names must exist, in the release or on the host")
    func unitFile() throws {
        try scratch.write("tree/bin/run", "#!/bin/sh\n")
        let current = scratch.paths.current(ServiceName(validated: "web"))
        let unit = """
            [Service]
            ExecStart=-\(current)/bin/run --flag
            WorkingDirectory=/nowhere/at/all
            EnvironmentFile=-/may/be/missing
            User=nobody-of-this-name
            """
        #expect(
            demands.missing(inUnit: Array(unit.utf8), named: "web.service") == [
                "web.service: '\(current)/bin/run' is not executable",
                "web.service: '/nowhere/at/all' does not exist",
                "web.service: user 'nobody-of-this-name' does not exist",
            ]
        )
    }

    @Test("Hooks and command checks must be in the release")
    func commands() throws {
        var spec = ServiceSpec(service: ServiceName(validated: "web"), unit: .absent)
        spec.hooks = Hooks(drain: ["bin/drain"])
        spec.checks = [Check(kind: .command(["bin/check", "--now"]))]
        #expect(demands.missingCommands(spec) == ["'bin/drain' does not exist", "'bin/check' does not exist"])
    }
}
