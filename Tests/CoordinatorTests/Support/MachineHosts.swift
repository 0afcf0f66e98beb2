import Activation
import Model
import Rollout
import Trust

@testable import Coordinator

/// Hosts that decide as real ones do, on a disk that never fails: each command runs to its answer at once.
actor MachineHosts: AgentLinks {
    /// Thrown where a coordinator's process would be gone.
    struct Gone: Error {}

    private var machines: [ServiceMachine]
    private let plan: Plan
    /// Told of each change that a host has ended, before it answers.
    private var onAct: (@Sendable (Int, HostAct) async throws -> Void)?
    private var tell: (@Sendable (LinkNews) async -> Void)?
    private var clock: Int64 = 0
    /// Times that each host was switched to the plan's target.
    private(set) var switches: [Int]
    /// How many more commands are heard before the coordinator is gone; nil is all.
    private var budget: Int?
    private var onGone: (@Sendable () -> Void)?
    private(set) var commands = 0
    /// Hosts that no coordinator reaches, until it is started anew.
    private var away: Set<Int> = []
    /// What hosts were to verify, in the order of arrival.
    private(set) var materials: [PrepareOrder] = []

    init(_ plan: Plan) {
        self.plan = plan
        switches = plan.hosts.map { _ in 0 }
        machines = plan.hosts.map {
            ServiceMachine(host: $0.id, service: plan.service, environment: plan.environment)
        }
    }

    /// The coordinator dies when the next `count` commands have reached their hosts: it never hears the last answer.
    func end(after count: Int?, _ action: @escaping @Sendable () -> Void = {}) {
        budget = count
        onGone = action
    }

    func onAct(_ action: @escaping @Sendable (Int, HostAct) async throws -> Void) { onAct = action }

    func keepAway(_ hosts: Set<Int>) { away = hosts }

    func figures(of service: ServiceName, on host: Int, within limit: Duration) throws -> UnitFigures {
        UnitFigures(unit: UnitName(validated: "\(service).service"), invocation: "", errorLines: host)
    }

    func run(_ tell: @escaping @Sendable (LinkNews) async -> Void) async {
        self.tell = tell
        for host in machines.indices {
            guard !away.contains(host) else {
                await tell(.lost(host: host, reason: "it is away"))
                continue
            }
            await tell(.connected(host: host))
            await report(host)
        }
        // Cancelled with the rollout.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    private func report(_ host: Int) async {
        let report = HostReport(
            host: plan.hosts[host].id,
            bootID: "boot",
            agentVersion: "test",
            at: RolloutFixture.now,
            freeDisk: .mebibytes(1),
            services: [machines[host].report]
        )
        await tell?(.reported(host: host, report))
    }

    func deliver(_ artifact: Artifact, to host: Int) async throws {}

    func perform(_ command: HostCommand, on host: Int) async throws -> HostReply {
        commands += 1
        if case .prepare(let material) = command.request { materials.append(material) }
        let reply = take(.command(command, try Self.reading(command.request)), on: host, for: .command(command.id))
        for act in ended { try await onAct?(host, act) }
        ended = []
        if let left = budget {
            budget = left - 1
            if left <= 1 {
                onGone?()
                throw Gone()
            }
        }
        await report(host)
        guard let reply else { throw Gone() }
        return reply
    }

    private static func reading(_ request: HostRequest) throws -> Reading {
        if case .claim = request { return .continued }
        guard case .prepare(let material) = request else { return .nothing }
        return .order(
            ReadOrder(
                order: try CanonicalJSON.decode(Order.self, from: material.order),
                release: try CanonicalJSON.decode(Release.self, from: material.release),
                releaseDigest: SHA256.digest(of: material.release),
                orderDigest: SHA256.digest(of: material.order)
            )
        )
    }

    private var ended: [HostAct] = []

    private func take(_ event: ServiceMachine.Event, on host: Int, for requester: Requester) -> HostReply? {
        var reply: HostReply?
        var events = [event]
        while !events.isEmpty {
            for action in machines[host].handle(events.removeFirst(), at: now) {
                switch action {
                case .perform(let effect, let token): events.append(.finished(token, result(effect, host)))
                case .reply(requester, let found): reply = found
                case .reply, .wake, .disarmDeadMan, .discardStaging, .delete, .announce: break
                case .attest(let act): ended.append(act)
                }
            }
        }
        return reply
    }

    private var now: Moment {
        clock += 1000
        return Moment(
            boot: BootInstant(bootID: "boot", instant: Instant(milliseconds: clock)),
            wall: CoordinatorClock().wall
        )
    }

    private func result(_ effect: Effect, _ host: Int) -> EffectResult {
        let unit = UnitState(unit: Self.unit, active: "active", sub: "running", result: "success", restarts: 0)
        switch effect {
        case .inspect: return .inspected(Inspection(spec: spec, unit: .foreign))
        case .start, .reload: return .started(unit)
        case .check: return .checked(CheckRound(unit: unit, checks: []))
        case .switchTo(let change):
            if change.to == plan.target { switches[host] += 1 }
            return .done
        case .verify: return .verified(Verdict())
        case .reserve, .unpack, .install, .armDeadMan, .runHook, .migrate, .askIdle, .stop, .restore, .handOver,
            .directTraffic:
            return .done
        case .lookAtTraffic: return .traffic([])
        }
    }

    private static let unit = UnitName(validated: "web.service")
    private var spec: ServiceSpec {
        ServiceSpec(service: plan.service, unit: .existing(Self.unit), healthyFor: .zero)
    }

    var releases: [ReleaseID?] { machines.map { $0.report.current?.id } }
    var claims: [Claim?] { machines.map { $0.report.claim } }
}
