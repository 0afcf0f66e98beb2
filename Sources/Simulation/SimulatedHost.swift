import Activation
import Model
import Rollout

/// A server: the real decisions of its agent over a model of its disk and its systemd, in virtual time.
///
/// A class, because it is large and asked all the time: copies of it would be most of a simulation's cost.
final class SimulatedHost {
    let number: Int
    let fate: Scenario.Fate
    let world: Scenario.Service
    var oracle: HostOracle
    var steps = HostSteps()

    // The agent; gone when it dies.
    var machine: ServiceMachine { didSet { look(at: machine.report) } }
    /// What it would report.
    private(set) var facts = ServiceFacts()
    /// Another service that is being changed on the host.
    var neighbour: ServiceName? {
        didSet { facts.neighbour = neighbour }
    }
    /// Its last look before the change that is under way, or was last, found the service ill.
    private var wasFoundIll = false
    private(set) var holder: Claim?
    var isUp = false
    /// Hangs until it is killed or the host is rebooted.
    var isFrozen = false
    var hasFrozen = false
    /// Runs without sessions, for the dead-man's timer only.
    var isOffline = false
    /// Counts processes; what was planned for an earlier one is void.
    var run = 0
    var queue: [HostWork] = []
    /// Number of the work that is being performed.
    var workNumber = 0
    /// Who hears the answer to which request.
    var waiting: [(coordinator: Int, session: Int, id: RequestID)] = []
    var published: ServiceFacts?
    /// What its periodic look has found last.
    var seen: Sight?
    /// When it last took in that its claim's holder lives.
    var heardAt: Int64 = 0

    // What is elsewhere, and outlives all of it.
    var balancer: SimulatedBalancer

    // What an agent's death leaves.
    /// The machine as it was stored last.
    var journal: ServiceMachine
    var disk: ModelDisk
    /// What systemd runs, by the instance of the unit; nil stands for a unit that is no template.
    var runs: [InstanceName?: ReleaseID] = [:]
    /// Counts runs of the unit.
    var invocations = 0
    var isIll = false
    /// Percent of the times that it is asked at which it is at a job.
    let jobs: Int
    let failingMigrations: Int
    var neverIdle: Bool
    /// Nothing starts any more.
    var isBroken = false
    /// Number of the armed timer, in systemd's hands.
    var deadMan: Int?
    var timers = 0

    // What a power cut leaves, besides journal and disk.
    var isOn = false
    var boot = 0
    var bootedAt: Int64 = 0

    init(_ number: Int, _ scenario: Scenario) {
        self.number = number
        fate = scenario.fates[number]
        world = scenario.service
        let plan = scenario.plan
        let settings = ServiceSettings(keep: 2, claimLease: scenario.lease)
        machine = ServiceMachine(
            host: plan.hosts[number].id,
            service: plan.service,
            environment: plan.environment,
            settings: settings
        )
        journal = machine
        disk = world.disk(scenario.starts[number])
        oracle = HostOracle(disk, plan, isMaintained: scenario.maintained[number])
        let first = world.spec.instances?.first
        balancer = SimulatedBalancer(scenario.maintained[number] ? .maintenance : .ready, of: first)
        isIll = scenario.ill[number]
        jobs = scenario.jobs
        failingMigrations = scenario.failingMigrations
        neverIdle = scenario.busy[number]
    }

    /// What a look at the service depends on; one that finds the same as before is not worth its time.
    struct Sight {
        let current: ReleaseID?
        let running: ReleaseID?
        let isIll: Bool
        let health: Health
    }

    var sight: Sight {
        Sight(current: disk.current, running: running, isIll: isIll, health: facts.health)
    }

    /// Whether a look would find something else than the last one; asked at each, so that nothing is copied for it.
    var hasNews: Bool {
        guard let seen else { return true }
        return seen.isIll != isIll || seen.current != disk.current || seen.health != facts.health
            || seen.running != running
    }

    /// The one release that runs; nil for none and for two.
    var running: ReleaseID? { runs.count == 1 ? runs.first?.value : nil }

    /// Whether somebody there hears what is said to the agent.
    var isAwake: Bool { isOn && isUp && !isFrozen }

    /// Whether coordinators can reach it.
    var isReachable: Bool { isOn && isUp && !isOffline }

    /// Whether a release may be running that nobody has committed.
    var isChanging: Bool { facts.operation?.phase.isInFlight ?? false }

    /// What the shell counts as busy; it observes nothing then.
    var isBusy: Bool { !queue.isEmpty || isChanging && !machine.isTurnedBackEarly }

    func moment(_ now: Int64) -> Moment {
        Moment(
            boot: BootInstant(bootID: "boot-\(boot)", instant: Instant(milliseconds: now - bootedAt)),
            wall: WallTime(milliseconds: now)
        )
    }

    private func look(at report: ServiceReport) {
        if report.operation?.phase == .draining, facts.operation?.phase != .draining {
            if case .unhealthy = facts.health { wasFoundIll = true } else { wasFoundIll = false }
        }
        holder = report.claim
        facts = ServiceFacts(
            current: report.current?.id,
            isConfirmed: report.current?.isConfirmed ?? false,
            health: report.health,
            isDrained: report.isDrained,
            held: report.held,
            operation: report.operation,
            neighbour: neighbour
        )
    }

    /// Whether nothing excuses that users notice when the service stops: it was not known to be ill when the change began.
    var isWell: Bool { !runs.isEmpty && !wasFoundIll && !machine.isStuck }

    /// The service's unit, or one of its instances, as systemd shows it.
    func unit(_ place: InstanceName?) -> UnitState {
        let isRunning = runs[place] != nil
        return UnitState(
            unit: place.map { world.unit.instance($0) } ?? world.unit,
            active: isRunning ? "active" : "inactive",
            sub: isRunning ? "running" : "dead",
            result: "success",
            restarts: 0,
            invocation: "\(invocations)"
        )
    }

    func diskFacts(_ stage: DiskFacts.Stage) -> DiskFacts {
        disk.facts(stage, unit: stage == .running ? seenUnit : nil)
    }

    /// The unit that the machine looks at.
    var seenUnit: UnitState? { machine.linkedDeployment.map { unit($0.instance) } }

    /// One result per check of the service.
    func checks(of release: ReleaseID?, at now: Int64) -> [CheckResult] {
        let isBad = release == Scenario.target && fate == .failsChecks
        let failure = isBad || isIll ? "status 500, expected 200" : nil
        return world.checks.map {
            CheckResult(label: $0.label, failure: failure, took: .zero, at: WallTime(milliseconds: now))
        }
    }
}
