import Activation
import Model

/// Values that the tests speak of.
enum Fixture {
    static let host = HostID(validated: "web-1")
    static let service = ServiceName(validated: "web")
    static let environment = EnvironmentName(validated: "production")
    static let unit = UnitName(validated: "web.service")
    static let ledgers = ["a", "b"].map {
        LedgerID(validated: "\(String(repeating: $0, count: 8))-0000-0000-0000-000000000000")
    }
    static let start: Int64 = 1_800_000_000_000

    static func digest(_ number: Int) -> Digest { Digest(bytes: [UInt8](repeating: UInt8(number), count: 32)) }
    static func id(_ number: Int) -> ReleaseID {
        ReleaseID(version: Version(validated: "1.\(number)"), digest: digest(number))
    }

    static func spec(hooks: Bool = true, healthyFor: TimeSpan = .seconds(2)) -> ServiceSpec {
        ServiceSpec(
            service: service,
            unit: RelativePath("systemd/web.service").map(UnitSource.file) ?? .absent,
            healthyFor: healthyFor,
            checkDeadline: .seconds(10),
            checks: [Check(kind: .tcp(address: "127.0.0.1:80"))],
            hooks: hooks ? Hooks(drain: ["bin/drain"], undrain: ["bin/undrain"]) : Hooks()
        )
    }

    static func release(_ number: Int) -> Release {
        let artifact = Artifact(digest: digest(100 + number), size: .mebibytes(1), format: .tar)
        return Release(service: service, environment: environment, version: id(number).version, artifact: artifact)
    }

    static func rollout(_ number: Int, ledger: Int = 0) -> RolloutID {
        RolloutID(ledger: ledgers[ledger], number: number)
    }

    static func order(_ number: Int, _ rollout: RolloutID, _ epoch: Epoch, hosts: [HostID] = [host]) -> Order {
        Order(
            plan: digest(200),
            release: digest(number),
            service: service,
            environment: environment,
            hosts: hosts,
            epoch: epoch,
            rollout: rollout,
            requester: OperatorName(validated: "alice@laptop"),
            startBy: WallTime(milliseconds: start) + .hours(24),
            validUntil: WallTime(milliseconds: start) + .hours(48),
            catchUpUntil: WallTime(milliseconds: start) + .days(8)
        )
    }

    static func claim(_ rollout: RolloutID, _ epoch: Epoch) -> Claim {
        Claim(
            service: service,
            environment: environment,
            rollout: rollout,
            epoch: epoch,
            holder: "alice@laptop",
            since: WallTime(milliseconds: start)
        )
    }

    static let passed = CheckResult(label: "tcp", failure: nil, took: .zero, at: WallTime(milliseconds: start))

    static func unitState(_ active: String = "active", restarts: Int = 0, invocation: Int = 1) -> UnitState {
        let isUp = active == "active"
        return UnitState(
            unit: unit,
            active: active,
            sub: isUp ? "running" : "dead",
            result: isUp ? "success" : "exit-code",
            restarts: restarts,
            invocation: "\(invocation)"
        )
    }

    static let traffic = TrafficPolicy(
        loadBalancers: [LoadBalancer(address: "/run/haproxy.sock", backend: "web")],
        drainWithin: .seconds(5)
    )

    /// The same service in two instances, each with a server of its own.
    static func pairedSpec(hooks: Bool = false) -> ServiceSpec {
        var spec = spec(hooks: hooks)
        spec.strategy = .blueGreen
        spec.unit = RelativePath("systemd/web@.service").map(UnitSource.file) ?? .absent
        spec.instances = InstancePair(blue, green)
        spec.checks = [Check(kind: .tcp(address: "127.0.0.1:{instance}"))]
        return spec
    }

    static let blue = InstanceName(validated: "8081")
    static let green = InstanceName(validated: "8082")

    static let pairedTraffic = TrafficPolicy(
        loadBalancers: [LoadBalancer(address: "/run/haproxy.sock", backend: "web", server: "{host}-{instance}")],
        drainWithin: .seconds(5)
    )

    static let material = PrepareOrder(order: [], release: [], provenance: [])
}
