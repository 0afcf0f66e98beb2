import Configuration
import Model
import Testing

struct FleetFileTests {
    private func complete() throws -> FleetConfiguration {
        try FleetFile.parse(Fixture.bytes("complete/fleet.yml"), file: "fleet.yml")
    }

    private func environment(_ name: String) throws -> FleetEnvironment {
        try complete().environment(EnvironmentName(parsing: name), of: ServiceName(parsing: "web"))
    }

    private func worse() throws -> ComparisonGate {
        let counts = ComparisonGate.Counts(
            bad: try QueryTemplate(parsing: #"sum by (path) (increase(errors{host=~"$hosts"}[5m]))"#),
            requests: try QueryTemplate(parsing: #"sum by (path) (increase(requests{host=~"$hosts"}[5m]))"#),
            min: try Figure(parsing: "500")
        )
        return ComparisonGate(
            url: "http://prometheus:9090",
            measure: .counts(counts),
            significance: try Share(parsing: "0.001"),
            tolerance: try Share(parsing: "0.1%")
        )
    }

    private func slower() throws -> ComparisonGate {
        let range = QueryRange(over: .minutes(5), step: .seconds(5), minSamples: 60)
        return ComparisonGate(
            url: "http://prometheus:9090",
            measure: .samples(.init(query: try QueryTemplate(parsing: #"l{host=~"$hosts"}"#), range: range)),
            significance: .percent(1),
            tolerance: .percent(10)
        )
    }

    private func calendar() throws -> ChangeCalendar {
        let berlin = try TimeZoneName(parsing: "Europe/Berlin")
        func hours(_ days: [Weekday], _ from: String, _ until: String, _ zone: String) throws -> ChangeHours {
            ChangeHours(
                days: days,
                from: try TimeOfDay(parsing: from),
                until: try TimeOfDay(parsing: until),
                timeZone: try TimeZoneName(parsing: zone)
            )
        }
        func freeze(_ from: String, _ until: String, _ reason: String, _ zone: TimeZoneName?) throws -> Freeze {
            let (from, until) = (try CalendarMoment(parsing: from), try CalendarMoment(parsing: until))
            return Freeze(from: from, until: until, reason: reason, timeZone: zone)
        }
        return ChangeCalendar(
            hours: [
                try hours([.monday, .tuesday, .wednesday, .thursday], "09:00", "16:30", "Europe/Berlin"),
                try hours([.friday, .sunday], "22:00", "02:00", "America/New_York"),
                try hours(Weekday.allCases, "00:00", "24:00", "UTC"),
            ],
            freezes: [
                try freeze("2026-11-26", "2026-11-30", "Black Friday", berlin),
                try freeze("2026-12-24T12:00:00+01:00", "2027-01-02T08:00:00+01:00", "holidays", nil),
            ]
        )
    }

    @Test("A file with every key says all of it")
    func everyKey() throws {
        let file = try complete()
        #expect(file.fleet.text == "example")
        #expect(file.services.map(\.artifacts) == ["dist", nil])
        #expect(file.services[0].environments.map(\.name.text) == ["production", "staging", "dev"])
        let eu = try RegionName(parsing: "eu")
        var expected = Environment(
            name: try EnvironmentName(parsing: "production"),
            service: try ServiceName(parsing: "web"),
            hosts: [
                Host(
                    id: try HostID(parsing: "web-1"),
                    address: "10.0.0.11",
                    region: eu,
                    zone: ZoneName("a"),
                    weight: 2
                ),
                Host(
                    id: try HostID(parsing: "web-2"),
                    address: "10.0.0.12",
                    port: 7444,
                    region: eu,
                    zone: ZoneName("b"),
                    weight: 2,
                    labels: [HostLabel(validated: "internal")]
                ),
                Host(
                    id: try HostID(parsing: "web-3"),
                    address: "2001:db8::13",
                    region: RegionName("us"),
                    zone: ZoneName("c")
                ),
                Host(id: try HostID(parsing: "web-4.example.com"), address: "web-4.example.com"),
            ]
        )
        expected.capacity = CapacityPolicy(
            floor: .percent(50),
            window: .count(2),
            places: [
                .init(place: .region(eu), floor: .percent(50), window: nil),
                .init(place: .zone(try ZoneName(parsing: "a")), floor: .count(0), window: .count(1)),
            ]
        )
        expected.stages = [
            StagePolicy(
                selection: .canary(.count(1)),
                label: HostLabel("internal"),
                bake: .minutes(10),
                gates: ["errors", "queue", "latency", "worse", "slower", "alerts", "units", "api", "look"]
                    .map { GateName(validated: $0) }
            ),
            StagePolicy(selection: .rest, label: HostLabel("internal")),
            StagePolicy(selection: .region(eu), window: .percent(25), floor: .percent(75), bake: .minutes(30)),
            StagePolicy(selection: .regions(.ascending)),
            StagePolicy(selection: .zone(try ZoneName(parsing: "c"))),
            StagePolicy(selection: .ramp([.count(1), .percent(10), .percent(50), .percent(100)]), bake: .minutes(5)),
            StagePolicy(selection: .hosts([try HostID(parsing: "web-4.example.com")])),
            StagePolicy(selection: .rest),
        ]
        let queue = HTTPGate(
            url: "http://queue:8080/stats",
            status: 203,
            pointer: try JSONPointer(parsing: "/queue/depth"),
            demand: .bounds(GateBounds(max: try Figure(parsing: "1e3")))
        )
        let latency = PrometheusGate(
            url: "http://prometheus:9090",
            query: try QueryTemplate(parsing: #"max(latency{host=~"$hosts"})"#),
            bounds: GateBounds(min: try Figure(parsing: "0"), max: try Figure(parsing: "0.25")),
            range: QueryRange(over: .minutes(10), step: .seconds(15), minSamples: 35),
            requests: .init(
                query: try QueryTemplate(parsing: "sum(increase(requests[5m]))"),
                min: try Figure(parsing: "500")
            )
        )
        expected.gates = [
            // What it does about a fail is what the environment does about hosts that fail.
            Gate(
                name: GateName(validated: "errors"),
                question: .command(["bin/errors", "--all"]),
                timeout: .seconds(5),
                interval: .minutes(1),
                retries: 9,
                failureLimit: 2,
                onFail: .pause
            ),
            Gate(
                name: GateName(validated: "queue"),
                question: .http(queue),
                onFail: .rollback,
                onInconclusive: .rollback
            ),
            Gate(name: GateName(validated: "latency"), question: .prometheus(latency), onFail: .pause),
            Gate(name: GateName(validated: "worse"), question: .comparison(try worse()), onFail: .pause),
            Gate(name: GateName(validated: "slower"), question: .comparison(try slower()), onFail: .pause),
            Gate(
                name: GateName(validated: "alerts"),
                question: .alertmanager(
                    AlertmanagerGate(
                        url: "http://alertmanager:9093",
                        match: [
                            try AlertMatcher(parsing: #"service="$service""#),
                            try AlertMatcher(parsing: #"host =~ "$hosts""#),
                        ],
                        watchdog: [try AlertMatcher(parsing: #"alertname="Watchdog""#)]
                    )
                ),
                onFail: .pause
            ),
            Gate(
                name: GateName(validated: "units"),
                question: .systemd(
                    SystemdGate(
                        maxRestarts: 1,
                        maxErrorLines: 5,
                        maxMemory: .percent(150),
                        maxCPU: try Share(parsing: "2")
                    )
                ),
                onFail: .pause
            ),
            Gate(
                name: GateName(validated: "api"),
                question: .service(
                    ServiceGate(service: try ServiceName(parsing: "api"), names: [GateName(validated: "errors")])
                ),
                onFail: .pause
            ),
            Gate(
                name: GateName(validated: "look"),
                question: .person("do the graphs of web-1 look like the others?"),
                onFail: .pause
            ),
        ]
        expected.config = [
            try ConfigEntry(key: "LOG_LEVEL", value: "info"), try ConfigEntry(key: "VERSION_SHOWN", value: "1.10"),
            try ConfigEntry(key: "COLOUR", value: "no"), try ConfigEntry(key: "EMPTY", value: ""),
        ]
        expected.secrets = [SecretReference(variable: "API_KEY", credential: "api-key")]
        expected.debianScripts = .ignore
        expected.isControlled = true
        expected.commitWithin = .seconds(90)
        expected.onCommitMissing = .keep
        expected.onFailure = .pause
        expected.failureBudget = 1
        expected.progressDeadline = .minutes(15)
        expected.prepareTimeout = .minutes(20)
        expected.traffic = TrafficPolicy(
            loadBalancers: [
                LoadBalancer(address: "10.0.0.5:9999", backend: "web"),
                LoadBalancer(address: "/run/haproxy/admin.sock", backend: "web_https", server: "s-{host}"),
            ],
            drainWithin: .seconds(45),
            onSessionsLeft: .fail
        )
        expected.calendar = try calendar()
        expected.offline = .skip(2)
        expected.bake = FallingBake(first: .minutes(40), least: .minutes(10))
        expected.proven = ProvenPolicy(
            environments: [EnvironmentName(validated: "staging"), EnvironmentName(validated: "dev")],
            span: .hours(1),
            wayBack: true
        )
        #expect(try environment("production").resolved() == expected)
        #expect(try environment("staging").proven?.span == .zero && environment("dev").proven == nil)
    }

    @Test("Services may come one after the other, in any order in the file")
    func after() throws {
        let text =
            "fleet: f\nservices: {web: {environments: {dev: {hosts: [w], after: [api, db]}}}, "
            + "api: {environments: {dev: {hosts: [a], after: [db]}}}, db: {environments: {dev: {hosts: [d]}}}}\n"
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        let name = try EnvironmentName(parsing: "dev")
        func after(_ service: String) throws -> [String] {
            try file.environment(name, of: try ServiceName(parsing: service)).after.map(\.text)
        }
        #expect(try after("web") == ["api", "db"])
        #expect(try after("api") == ["db"] && after("db").isEmpty)
    }

    @Test(
        "A stage takes regions one after the other, or at once, and canaries by number or name",
        arguments: [
            ("regions: ascending", StagePolicy.Selection.regions(.ascending)),
            ("regions: together", .regions(.together)),
            ("regions: [us, eu]", .together([RegionName(validated: "us"), RegionName(validated: "eu")])),
            ("canary: 50%", .canary(.percent(50))),
            ("canary: [b, a]", .canaries([HostID(validated: "b"), HostID(validated: "a")])),
        ]
    )
    func selection(_ text: String, _ selection: StagePolicy.Selection) throws {
        let hosts = "[{name: a, region: eu}, {name: b, region: us}]"
        let stages = "[{\(text), window: 1}]"
        let file = "fleet: f\nservices: {web: {environments: {dev: {hosts: \(hosts), stages: \(stages)}}}}\n"
        let environment = try FleetFile.parse([UInt8](file), file: "fleet.yml")
            .environment(try EnvironmentName(parsing: "dev"), of: try ServiceName(parsing: "web"))
        #expect(try environment.resolved().stages == [StagePolicy(selection: selection, window: .count(1))])
    }

    @Test("Hosts alone are enough; the rest is the model's default")
    func minimal() throws {
        let text = "fleet: f\nservices: {web: {environments: {dev: {hosts: [web-1]}}}}\n"
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        let host = Host(id: try HostID(parsing: "web-1"), address: "web-1")
        let name = try EnvironmentName(parsing: "dev")
        let service = try ServiceName(parsing: "web")
        let expected = Environment(name: name, service: service, hosts: [host])
        #expect(try file.environment(name, of: service).resolved() == expected)
    }

    @Test("What is controlled is approved by one person, unless the file says a number", arguments: [nil, 0, 3])
    func controlled(_ approvals: Int?) throws {
        let number = approvals.map { ", approvals: \($0)" } ?? ""
        let text =
            "fleet: f\nservices: {web: {environments: {live: {hosts: [web-1], controlled: true\(number)}}}}\n"
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        let found = try file.environment(try EnvironmentName(parsing: "live"), of: try ServiceName(parsing: "web"))
            .resolved()
        #expect(found.isControlled)
        #expect(found.approvals == approvals ?? 1)
    }

    @Test(
        "Hosts that come back wait for a person unless the file says otherwise",
        arguments: [nil, "hold", "serve", "always"]
    )
    func onReturn(_ policy: String?) throws {
        let key = policy.map { ", on_return: \($0)" } ?? ""
        let text = "fleet: f\nservices: {web: {environments: {live: {hosts: [web-1]\(key)}}}}\n"
        guard policy != "always" else {
            let error = try #require(throws: ConfigurationError.self) {
                try FleetFile.parse([UInt8](text), file: "fleet.yml")
            }
            #expect(error.description.contains("on_return: expected hold or serve"))
            return
        }
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        let found = try file.environment(try EnvironmentName(parsing: "live"), of: try ServiceName(parsing: "web"))
        #expect(found.onReturn == policy.flatMap(ReturnPolicy.init(rawValue:)) ?? .hold)
    }

    @Test("Gates of a service are those of all its environments, unless one has its own of that name")
    func sharedGates() throws {
        let text = """
            fleet: f
            services:
              web:
                gates: {errors: {command: [bin/errors]}, units: {systemd: {}}, api: {service: api, gates: [errors]}}
                environments:
                  staging: {hosts: [a], on_failure: pause, stages: [{rest: true, gates: [errors]}]}
                  production:
                    hosts: [b]
                    stages: [{rest: true, gates: [errors, units, api]}]
                    gates: {errors: {person: look}}
              api:
                gates: {errors: {command: [bin/api-errors]}}
                environments: {production: {hosts: [c], stages: [{rest: true, gates: [errors]}]}}
            """
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        func gates(_ environment: String) throws -> [Gate] {
            let name = try EnvironmentName(parsing: environment)
            return try file.environment(name, of: try ServiceName(parsing: "web")).resolved().usedGates
        }
        let errors = GateName(validated: "errors")
        #expect(try gates("staging") == [Gate(name: errors, question: .command(["bin/errors"]), onFail: .pause)])
        #expect(try gates("production").map(\.name.text) == ["errors", "units", "api"])
        #expect(try gates("production").first == Gate(name: errors, question: .person("look"), onFail: .rollback))
    }

    @Test("An inventory is a request to the caller, and its hosts complete the environment")
    func inventory() throws {
        #expect(try environment("staging").inventory?.path == "hosts.ini")
        #expect(try environment("staging").inventory?.group == "web")
        #expect(try environment("dev").inventory?.group == nil)
        let hosts = [Host(id: try HostID(parsing: "web-9"), address: "10.0.0.9")]
        #expect(try environment("staging").resolved(hosts: hosts).hosts == hosts)
        let error = try #require(throws: ConfigurationError.self) { try environment("staging").resolved(hosts: []) }
        #expect(error.description == "fleet.yml:97:20: inventory: 'hosts.ini' has no hosts for this")
    }

    @Test("The rules of the file hold for hosts of an inventory too")
    func inventoryRules() throws {
        let text = """
            fleet: f
            services:
              web:
                environments:
                  dev:
                    inventory: hosts.ini
                    capacity: {floor: 2}
            """
        let file = try FleetFile.parse([UInt8](text), file: "fleet.yml")
        let hosts = try ["a", "b"].map { Host(id: try HostID(parsing: $0), address: $0) }
        let error = try #require(throws: ConfigurationError.self) {
            try file.services[0].environments[0].resolved(hosts: hosts)
        }
        #expect(error.problems.map(\.mark) == [Mark(line: 7, column: 27)])
        #expect(error.description.hasSuffix("the nearest floor that works is 1"))
    }

    @Test("An unknown service or environment is answered with the nearest")
    func names() throws {
        let file = try complete()
        let service = try #require(throws: ConfigurationError.self) { try file.service(ServiceName(parsing: "wep")) }
        #expect(service.description == "fleet.yml: no service is called 'wep'; did you mean 'web'?")
        let environment = try #require(throws: ConfigurationError.self) { try self.environment("prodution") }
        #expect(
            environment.description
                == "fleet.yml: no environment of web is called 'prodution'; did you mean 'production'?"
        )
        #expect(environment.code == .unknownName)
    }

    @Test("The agents' environment is all hosts once, as careful as the most careful of the others")
    func agents() throws {
        let file = try complete()
        #expect(file.derivesAgents)
        let agents = try file.environment(.agents, of: .agent)
        let others = try file.services.flatMap(\.environments).map { environment in
            try environment.resolved(hosts: [Host(id: HostID(parsing: "inventory-1"), address: "10.1.0.1")])
        }
        let resolved = agents.resolved(over: others)
        #expect(resolved.service == .agent)
        #expect(Set(resolved.hosts.map(\.id)) == Set(others.flatMap(\.hosts).map(\.id)))
        #expect(Set(resolved.hosts.map(\.id)).count == resolved.hosts.count)
        #expect(resolved.hosts.allSatisfy { $0.weight == 1 })
        #expect(resolved.approvals == others.map(\.approvals).max())
        #expect(resolved.isControlled == others.contains { $0.isControlled })
        let count = resolved.hosts.count
        #expect(resolved.capacity == CapacityPolicy(floor: .count(count - 1), window: .count(1)))
        let many = Environment(
            name: .agents,
            service: .agent,
            hosts: try (1...200).map { Host(id: try HostID(parsing: "h\($0)"), address: "10.0.0.\($0)") }
        )
        #expect(agents.resolved(over: [many]).capacity == CapacityPolicy(floor: .count(180), window: .count(20)))
    }

    @Test("A file that describes the agents itself is taken at its word")
    func describedAgents() throws {
        let text = """
            fleet: example
            services:
              fleet-agent:
                environments:
                  all:
                    hosts: [{name: h1, address: 10.0.0.1}]
            """
        let file = try FleetFile.parse(Array(text.utf8), file: "fleet.yml")
        #expect(!file.derivesAgents)
        #expect(throws: ConfigurationError.self) { try file.environment(.agents, of: .agent) }
        #expect(try file.environment(EnvironmentName(parsing: "all"), of: .agent).resolved().hosts.count == 1)
    }
}
