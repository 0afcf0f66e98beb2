import Model
import Rollout

extension Scenario {
    /// The world of somebody's own plan, where nothing goes wrong by chance.
    ///
    /// Approvals are there and the environment is open: a rehearsal shows what the plan does once it may.
    init(rehearsing plan: Plan, of spec: ServiceSpec?, startup: ClosedRange<Int>, seed: UInt64) {
        let count = plan.hosts.count
        self.seed = seed
        self.plan = Self.simulated(plan)
        let before = self.plan.previous
        starts = plan.hosts.map { _ in Self.start(plan.kind, before) }
        fates = [Fate](repeating: .works, count: count)
        absent = [Bool](repeating: false, count: count)
        ill = absent
        maintained = absent
        (jobs, busy, failingMigrations) = (0, absent, 0)
        (crashes, faults, kills, balancerFaults) = (0, 0, 0, 0)
        (words, hasRival, hasLocals) = (false, false, false)
        lease = .minutes(30)
        validFor = .hours(24)
        service = Service(spec, behind: plan.traffic)
        approveWithin = .minutes(15)
        judges = Dictionary(uniqueKeysWithValues: (plan.gates ?? []).map { ($0.name, .passes) })
        closures = []
        others = []
        neighbours = []
        let bakes = plan.stages.reduce(TimeSpan.zero) { $0 + $1.bake }.milliseconds
        tempo.startup = startup
        tempo.promotion = 1000...1000
        tempo.pauses = .final
        tempo.slowAgents = 0
        // Looks that find nothing are most of what happens while a plan bakes, and in large fleets.
        tempo.heartbeat = max(10_000, bakes / 1000, Int64(count) * 3)
        tempo.horizon = 24 * 3_600_000 + bakes + Int64(count) * plan.limits.activateTimeout.milliseconds * 4
        tempo.faultsEnd = tempo.horizon
    }

    private static func start(_ kind: Plan.Kind, _ before: ReleaseID?) -> Start {
        switch kind {
        case .deploy: Start(current: before, previous: nil, isConfirmed: true)
        case .rollback: Start(current: before, previous: target, isConfirmed: true)
        case .restart, .remove: Start(current: target, previous: nil, isConfirmed: true)
        }
    }

    /// The plan with the names that the simulation knows; hosts keep theirs.
    private static func simulated(_ plan: Plan) -> Plan {
        var simulated = plan
        simulated.service = Service.name
        simulated.environment = Service.environment
        simulated.target = target
        simulated.release = plan.release.map { _ in release(target) }
        simulated.previous = plan.previous.map { _ in before }
        simulated.approvals = 0
        (simulated.calendar, simulated.whileClosed, simulated.schedule) = (nil, nil, nil)
        (simulated.catchUp, simulated.returned, simulated.again) = (nil, nil, nil)
        (simulated.concurrent, simulated.concurrency, simulated.supersedes) = (nil, nil, nil)
        return simulated
    }

    /// The same with one thing that goes wrong.
    func with(_ trouble: Trouble) -> Self {
        var world = self
        switch trouble {
        case .nothing, .coordinatorDies: break
        case .failsEverywhere: world.fates = fates.map { _ in .failsChecks }
        case .fails(let host): world.fates[host] = .failsChecks
        case .fallsIll(let host, let span): world.fates[host] = .fallsIll(after: span)
        case .getsStuck(let host): world.fates[host] = .getsStuck
        case .isAway(let host): world.absent[host] = true
        case .strike(let strike): world.strike = strike
        case .gate(let gate, let judge): world.judges[gate] = judge
        case .storm: (world.faults, world.kills, world.crashes) = (8, 1, 1)
        case .balancers: world.balancerFaults = 10
        }
        // A storm is over at some time, or nothing would ever end.
        if case .storm = trouble { world.tempo.faultsEnd = Tempo().faultsEnd }
        return world
    }
}

extension Scenario.Service {
    /// As the release's own file says, or as it is by default where that is not at hand.
    init(_ spec: ServiceSpec?, behind traffic: TrafficPolicy?) {
        // Load balancers that know instances are for a service that has some.
        let namesInstances = traffic?.loadBalancers.contains(where: \.namesInstances) ?? false
        let hasInstances = spec.map { $0.strategy == .blueGreen } ?? namesInstances
        unit = UnitName(validated: hasInstances ? "web@.service" : "web.service")
        var simulated = ServiceSpec(
            service: Self.name,
            unit: RelativePath("systemd/\(unit)").map(UnitSource.file) ?? .existing(unit),
            checks: [Check(kind: .tcp(address: "127.0.0.1:80"))],
            hooks: spec?.hooks ?? Hooks()
        )
        if hasInstances {
            simulated.strategy = .blueGreen
            simulated.instances =
                spec?.instances ?? InstancePair(InstanceName(validated: "blue"), InstanceName(validated: "green"))
        }
        if let spec {
            simulated.healthyFor = spec.healthyFor
            simulated.checkDeadline = spec.checkDeadline
            simulated.checkInterval = spec.checkInterval
            simulated.startTimeout = spec.startTimeout
            if spec.strategy == .reload { simulated.strategy = .reload }
            simulated.job = spec.job
            simulated.migration = spec.migration
        }
        self.spec = simulated
        changesStartup = false
    }
}
