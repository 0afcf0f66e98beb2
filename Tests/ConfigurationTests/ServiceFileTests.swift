import Configuration
import Model
import Testing

struct ServiceFileTests {
    @Test("A file with every key says all of it")
    func complete() throws {
        let spec = try ServiceFile.parse(Fixture.bytes("complete/service.yml"), file: "service.yml")
        var expected = ServiceSpec(
            service: try ServiceName(parsing: "web"),
            unit: .file(try RelativePath(parsing: "systemd/web.service")),
            sockets: [try RelativePath(parsing: "systemd/web.socket")],
            startTimeout: .seconds(45),
            healthyFor: .seconds(90),
            checkDeadline: .minutes(2),
            checkInterval: .milliseconds(500)
        )
        let http = HTTPCheck(
            url: "http://127.0.0.1:8080/healthz",
            status: 204,
            bodyContains: "ok",
            headers: [.init(name: "X-Probe", value: "fleet"), .init(name: "Accept", value: "text/plain")]
        )
        expected.checks = [
            Check(kind: .http(http), timeout: .seconds(3)),
            Check(kind: .tcp(address: "[::1]:8080")),
            Check(kind: .command(["bin/self-check", "--with-database"]), timeout: .seconds(10)),
            Check(kind: .heartbeat(file: "/run/web/heartbeat", newerThan: .seconds(30))),
            Check(kind: .file("public/index.html")),
        ]
        expected.hooks = Hooks(drain: ["bin/drain", "--slow"], undrain: ["bin/undrain"], timeout: .seconds(20))
        #expect(spec == expected)
    }

    @Test("A name and a unit are enough; the rest is the model's default")
    func minimal() throws {
        let spec = try ServiceFile.parse([UInt8]("service: web\nunit: {existing: web.service}\n"), file: "service.yml")
        let unit = UnitSource.existing(try UnitName(parsing: "web.service"))
        #expect(spec == ServiceSpec(service: try ServiceName(parsing: "web"), unit: unit))
    }

    @Test("A file may take the place of the commands that drain and undrain, and then of both")
    func drainFile() throws {
        func parse(_ hooks: String) throws -> ServiceSpec {
            let text = "service: web\nunit: {existing: web.service}\nhooks: {\(hooks)}\n"
            return try ServiceFile.parse([UInt8](text.utf8), file: "service.yml")
        }
        let file = DrainFile(path: "/run/web-out", wait: .seconds(5))
        let hooks = try parse("drain: {file: /run/web-out, for: 5s}, timeout: 20s").hooks
        #expect(hooks == Hooks(timeout: .seconds(20), drainFile: file))
        for wrong in [
            "drain: {file: out, for: 5s}", "drain: {file: /out}", "drain: {file: /out, for: 5s}, undrain: [a]",
        ] {
            #expect(throws: ConfigurationError.self) { try parse(wrong) }
        }
    }

    @Test("A warm-up is a command, whatever drains")
    func warmUp() throws {
        for drain in ["drain: [bin/drain]", "drain: {file: /out, for: 5s}"] {
            let text = "service: web\nunit: {existing: web.service}\nhooks: {\(drain), warm_up: [bin/warm, --all]}\n"
            let spec = try ServiceFile.parse([UInt8](text.utf8), file: "service.yml")
            #expect(spec.hooks.warmUp == ["bin/warm", "--all"])
        }
        for wrong in ["[]", "/bin/warm", "[/bin/warm]", "[../warm]"] {
            let text = "service: web\nunit: {existing: web.service}\nhooks: {warm_up: \(wrong)}\n"
            #expect(throws: ConfigurationError.self) { try ServiceFile.parse([UInt8](text.utf8), file: "service.yml") }
        }
    }

    @Test("A service that says whether it is idle says how long it may be busy")
    func idle() throws {
        func parse(_ idle: String, _ strategy: String = "restart") throws -> Hooks {
            let unit = strategy == "none" ? "" : "unit: {existing: web.service}\n"
            let text = "service: web\n\(unit)strategy: \(strategy)\nhooks: {idle: \(idle)}\n"
            return try ServiceFile.parse([UInt8](text.utf8), file: "service.yml").hooks
        }
        let hooks = try parse("{command: [bin/idle, --quiet], within: 2h}")
        #expect(hooks == Hooks(idle: IdleHook(command: ["bin/idle", "--quiet"], within: .hours(2))))
        for wrong in [
            "[bin/idle]", "{command: [bin/idle]}", "{within: 2h}", "{command: [bin/idle], within: 25h}",
            "{command: [], within: 2h}", "{command: [bin/idle], within: 0s}",
        ] {
            #expect(throws: ConfigurationError.self, "\(wrong)") { try parse(wrong) }
        }
        #expect(throws: ConfigurationError.self) { try parse("{command: [bin/idle], within: 2h}", "none") }
    }

    @Test("A migration says whether it can be taken back")
    func migration() throws {
        func parse(_ text: String) throws -> Migration? {
            let text = "service: web\nunit: {existing: web.service}\nmigration: \(text)\n"
            return try ServiceFile.parse([UInt8](text.utf8), file: "service.yml").migration
        }
        let found = try parse("{command: [bin/migrate, up], reversible: false, timeout: 1h}")
        #expect(found == Migration(command: ["bin/migrate", "up"], isReversible: false, timeout: .hours(1)))
        #expect(try parse("{command: [a], reversible: true}")?.timeout == .minutes(10))
        for wrong in [
            "[a]", "{command: [a]}", "{reversible: true}", "{command: [/a], reversible: true}",
            "{command: [a], reversible: yes}", "{command: [a], reversible: true, timeout: 25h}",
        ] {
            #expect(throws: ConfigurationError.self, "\(wrong)") { try parse(wrong) }
        }
    }

    @Test("A timer brings what it starts")
    func timer() throws {
        func parse(_ lines: String) throws -> ServiceSpec {
            try ServiceFile.parse([UInt8]("service: report\n\(lines)\n".utf8), file: "service.yml")
        }
        let unit = "unit: systemd/report.timer\n"
        let spec = try parse("\(unit)job: {unit: systemd/report.service, within: 2h, trial: true}")
        let path = try RelativePath(parsing: "systemd/report.service")
        #expect(spec.job == TimedJob(unit: path, within: .hours(2), isTried: true))
        for wrong in [
            unit, "\(unit)job: systemd/report.service", "\(unit)job: {unit: systemd/report.service}",
            "\(unit)job: {within: 1h}", "\(unit)job: {unit: systemd/report.timer, within: 1h}",
            "\(unit)job: {unit: systemd/report@.service, within: 1h}",
            "\(unit)job: {unit: systemd/report.service, within: 25h}",
            "\(unit)job: {unit: systemd/report.service, within: 1h, trial: yes}",
            "\(unit)strategy: reload\nchecks: [{file: a}]\njob: {unit: systemd/report.service, within: 1h}",
            "\(unit)sockets: [systemd/a.socket]\njob: {unit: systemd/report.service, within: 1h}",
            "\(unit)hooks: {idle: {command: [a], within: 1h}}\njob: {unit: systemd/report.service, within: 1h}",
            "unit: systemd/report.service\njob: {unit: systemd/report.service, within: 1h}",
            "unit: {existing: report.timer}\njob: {unit: systemd/report.service, within: 1h}",
        ] {
            #expect(throws: ConfigurationError.self, "\(wrong)") { try parse(wrong) }
        }
    }

    @Test("Two instances of a template, by whose names checks ask for them")
    func blueGreen() throws {
        let text = """
            service: web
            unit: systemd/web@.service
            strategy: blue-green
            instances: [8081, green_2]
            checks:
              - http: http://127.0.0.1/{instance}/healthz
              - tcp: "[::1]:80"
            hooks: {drain: {file: "/run/web/{instance}", for: 5s}}

            """
        let spec = try ServiceFile.parse([UInt8](text.utf8), file: "service.yml")
        let pair = InstancePair(try InstanceName(parsing: "8081"), try InstanceName(parsing: "green_2"))
        #expect(spec.strategy == .blueGreen && spec.instances == pair)
        #expect(spec.checks.map(\.kind).first == .http(HTTPCheck(url: "http://127.0.0.1/{instance}/healthz")))
        #expect(spec.checks.map { $0.of(pair.second).label }.first == "http http://127.0.0.1/green_2/healthz")
        #expect(spec.unit.unitName?.instance(pair.second).text == "web@green_2.service")
    }

    @Test("What systemd would have to escape is no instance", arguments: ["a-b", "a/b", "a.b", "[]", "\"\"", "ä"])
    func badInstances(_ name: String) {
        let text = "service: web\nunit: systemd/web@.service\nstrategy: blue-green\ninstances: [a, \(name)]\n"
        #expect(throws: ConfigurationError.self) {
            try ServiceFile.parse([UInt8](text.utf8), file: "service.yml")
        }
    }

    @Test("Strategy none needs no unit")
    func filesOnly() throws {
        let spec = try ServiceFile.parse([UInt8]("service: assets\nstrategy: none\n"), file: "service.yml")
        #expect(spec.unit == .absent)
        #expect(spec.strategy == .none)
    }

    @Test(
        "URLs with and without port, path and brackets are taken as written",
        arguments: ["http://localhost", "https://[::1]/x?y=1", "http://[::1]:80/", "http://a.example:8080?x"]
    )
    func urls(_ url: String) throws {
        let text = "service: a\nstrategy: none\nchecks: [{http: \"\(url)\"}]\n"
        let spec = try ServiceFile.parse([UInt8](text), file: "service.yml")
        #expect(spec.checks.map(\.kind) == [.http(HTTPCheck(url: url))])
    }

    @Test(
        "What is no URL to check is refused",
        arguments: ["ftp://x", "http://", "http://a:b@c/", "http://x/#y", "http://x/ y"]
    )
    func badURLs(_ url: String) throws {
        let text = "service: a\nstrategy: none\nchecks: [{http: \"\(url)\"}]\n"
        #expect(throws: ConfigurationError.self) { try ServiceFile.parse([UInt8](text), file: "service.yml") }
    }
}
