import Glibc
import HTTP
import Model
import NIOCore
import NIOPosix
import Testing

@testable import Agent

struct CheckRunnerTests {
    private let scratch = Scratch()
    private let systemd: SilentSystemd
    private let runner: CheckRunner
    private let site: CheckSite

    init() throws {
        systemd = try SilentSystemd()
        let group = MultiThreadedEventLoopGroup.singleton
        runner = CheckRunner(
            systemd: try Systemd(by: systemd.address),
            clock: HostClock(bootID: "boot"),
            http: HTTPClient(trust: nil, group: group),
            group: group
        )
        site = CheckSite(service: Scratch.service, tree: scratch.path, user: "", group: "")
    }

    private func answer(_ kind: Check.Kind) async throws -> CheckResult {
        let results = await runner.round([Check(kind: kind, timeout: .seconds(5))], of: site)
        return try #require(results.first)
    }

    @Test("An HTTP check holds status and body against what is expected")
    func http() async throws {
        let server = try await FixedServer("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nall\nok\n")
        let url = "http://127.0.0.1:\(server.port)/healthz"
        #expect(try await answer(.http(HTTPCheck(url: url, bodyContains: "ok"))).failure == nil)
        let status = try await answer(.http(HTTPCheck(url: url, status: 204)))
        #expect(status.failure == "answered 200, expected 204: all ok")
        let body = try await answer(.http(HTTPCheck(url: url, bodyContains: "fine")))
        #expect(body.failure == "answered 200 without 'fine': all ok")
        try await server.stop()
        #expect(try await answer(.http(HTTPCheck(url: url))).failure != nil)
    }

    @Test("A TCP check passes while somebody listens")
    func tcp() async throws {
        let server = try await FixedServer("")
        let address = "127.0.0.1:\(server.port)"
        #expect(try await answer(.tcp(address: address)).failure == nil)
        try await server.stop()
        #expect(try await answer(.tcp(address: address)).failure?.contains(address) == true)
        #expect(try await answer(.tcp(address: "nonsense")).failure == "'nonsense' is no host:port")
    }

    @Test("A heartbeat must be there, and young")
    func heartbeat() async throws {
        let file = "\(scratch.path)/heartbeat"
        #expect(try await answer(.heartbeat(file: file, newerThan: .seconds(30))).failure?.contains(file) == true)
        try scratch.write("heartbeat", "")
        #expect(try await answer(.heartbeat(file: file, newerThan: .seconds(30))).failure == nil)
        var hourAgo = timeval()
        gettimeofday(&hourAgo, nil)
        hourAgo.tv_sec -= 3600
        #expect(utimes(file, [hourAgo, hourAgo]) == 0)
        let late = try await answer(.heartbeat(file: file, newerThan: .seconds(30)))
        #expect(late.failure?.hasPrefix("last touched 1h") == true)
    }

    @Test("A file check passes when the file is there")
    func file() async throws {
        #expect(try await answer(.file("\(scratch.path)/ready")).failure != nil)
        try scratch.write("ready", "")
        #expect(try await answer(.file("\(scratch.path)/ready")).failure == nil)
        // A path that is not absolute is one in the release.
        #expect(try await answer(.file("ready")).failure == nil)
        #expect(try await answer(.file("unready")).failure != nil)
    }

    @Test("A round answers every check, in the order of the spec")
    func round() async {
        let checks = ["a", "b", "c"].map { Check(kind: .file("\(scratch.path)/\($0)")) }
        #expect(await runner.round(checks, of: site).map(\.label) == checks.map(\.label))
    }

    @Test("A release's own command runs in its tree, as the service's user, with its configuration")
    func command() throws {
        let secrets = [SecretReference(variable: "API_KEY", credential: "api-key")]
        let tree = "/srv/web/releases/1"
        let site = CheckSite(service: Scratch.service, tree: tree, user: "web", group: "www", secrets: secrets)
        let own = try site.command(["bin/check", "--now"], name: "check-0", timeout: .seconds(3))
        #expect(own.arguments == ["/srv/web/releases/1/bin/check", "--now"])
        #expect(own.unit.text == "fleet-web-check-0.service")
        #expect(own.user == "web" && own.group == "www" && own.credentials == secrets)
        #expect(own.environmentFile == "/srv/web/releases/1/.fleet/config.env")
        let systems = try site.command(["/bin/true"], name: "hook-drain", timeout: .seconds(3))
        #expect(systems.arguments == ["/bin/true"])
    }
}
