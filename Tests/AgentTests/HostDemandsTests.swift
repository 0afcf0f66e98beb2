import Model
import Testing

@testable import Agent

struct HostDemandsTests {
    private let scratch = Scratch()

    private var demands: HostDemands {
        HostDemands(paths: scratch.paths, service: ServiceName(validated: "web"), tree: "\(scratch.path)/tree")
    }

    @Test("A credential that no store has is named; an encrypted one would not be decrypted")
    func credentials() throws {
        try scratch.write("credstore/api-key", "secret")
        try scratch.write("credstore/api-key@3", "secret")
        try scratch.write("credstore.encrypted/sealed", "secret")
        let secrets = ["api-key", "absent", "sealed", "api-key@3", "api-key@2"].map {
            SecretReference(variable: "A", credential: $0)
        }
        #expect(demands.missingCredentials(secrets) == ["absent", "sealed", "api-key@2"])
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

    @Test("Credentials that the unit itself loads must exist, unless it brings a value")
    func unitCredentials() throws {
        try scratch.write("credstore/api-key", "secret")
        try scratch.write("credstore.encrypted/token", "sealed")
        let unit = """
            [Service]
            LoadCredential=key:api-key
            LoadCredential=api-key
            LoadCredential=gone
            LoadCredential=cert:/nowhere/cert.pem
            LoadCredential=host:/etc/%H.key
            LoadCredentialEncrypted=token
            LoadCredential=token
            SetCredential=spare:value
            LoadCredential=spare
            """
        #expect(demands.missingCredentials(inUnit: Array(unit.utf8)) == ["gone", "/nowhere/cert.pem", "token"])
    }

    @Test("Directories that the unit is confined to must exist, but for those that systemd makes and optional ones")
    func unitDirectories() throws {
        let unit = """
            [Service]
            StateDirectory=web
            RuntimeDirectory=web:alias
            WorkingDirectory=/var/lib/web/data
            ReadWritePaths=/nowhere/a -/nowhere/b \\
                +/nowhere/in-root /run/web /nowhere/%i
            BindPaths=/nowhere/c:/data:rbind -/nowhere/d:/data
            BindReadOnlyPaths = /nowhere/e /etc
            DynamicUser=yes
            User=made-at-start
            """
        let missing = ["a", "c", "e"].map { "web.service: '/nowhere/\($0)' does not exist" }
        #expect(demands.missing(inUnit: Array(unit.utf8), named: "web.service") == missing)
    }

    @Test("A service with a root of its own needs that root; what is inside is not known here")
    func ownRoot() {
        let unit = "[Service]\nRootDirectory=/nowhere/root\nExecStart=/bin/inside-of-it\nWorkingDirectory=/inside\n"
        let missing = ["web.service: '/nowhere/root' does not exist"]
        #expect(demands.missing(inUnit: Array(unit.utf8), named: "web.service") == missing)
    }

    @Test("An empty value takes back what a unit said before")
    func resets() {
        let unit = "[Service]\nReadWritePaths=/nowhere/a\nReadWritePaths=\n"
        #expect(demands.missing(inUnit: Array(unit.utf8), named: "web.service") == [])
    }

    @Test("Hooks and command checks must be in the release")
    func commands() throws {
        var spec = ServiceSpec(service: ServiceName(validated: "web"), unit: .absent)
        spec.hooks = Hooks(drain: ["bin/drain"])
        spec.checks = [Check(kind: .command(["bin/check", "--now"]))]
        #expect(demands.missingCommands(spec) == ["'bin/drain' does not exist", "'bin/check' does not exist"])
    }
}
