package import Model
import Rollout

/// One world to simulate, drawn from a seed: a fleet, its policy, a release and what goes wrong.
package struct Scenario: Sendable {
    package let seed: UInt64
    package internal(set) var plan: Plan
    /// What each host runs when it begins.
    let starts: [Start]
    /// What the release does on each host.
    var fates: [Fate]
    /// Hosts that are off when it begins.
    var absent: [Bool]
    /// Hosts that run, but ill, when it begins.
    var ill: [Bool]
    /// Percent of messages after which the coordinator crashes.
    var crashes: Int
    /// Percent of faults drawn every few seconds.
    var faults: Int
    var words: Bool
    package internal(set) var hasRival: Bool
    /// Percent of stored events at which an agent dies, before or after it has done something about them.
    var kills: Int
    /// How long a claim outlasts its holder's silence.
    let lease: TimeSpan
    /// How long an order is good for.
    let validFor: TimeSpan
    /// Whether people on the hosts change things, too.
    var hasLocals: Bool
    let service: Service
    /// Percent of the times at which a service that is asked whether it is idle is at a job, and hosts where it is at one
    /// without end.
    var jobs: Int
    var busy: [Bool]
    /// Percent of migrations that fail.
    var failingMigrations = 10
    /// Hosts that a person has put into maintenance in their load balancer.
    let maintained: [Bool]
    /// Percent of words to a load balancer that do not reach it.
    var balancerFaults: Int
    /// How long people may take to approve.
    let approveWithin: TimeSpan
    /// How those answer who judge the gates of the plan.
    var judges: [GateName: Judge]
    /// When the environment is closed.
    let closures: [Range<Int64>]
    /// How the rollouts end that the plan waits for.
    var others: [OtherRollout]
    var neighbours: [NeighbourChange]
    /// What happens to one host at one step; the others live by chance.
    var strike: Strike?
    var tempo = Tempo()

    enum Fate: Equatable, Sendable {
        case works
        case failsToPrepare(Flaw)
        case failsChecks
        case getsStuck
        case hangs
        /// Its agent hangs in the middle of the switch, until its watchdog kills it or somebody reboots the host.
        case freezes(watchdog: Int64?)
        /// Works, and falls ill so many milliseconds after its commit.
        case fallsIll(after: Int64)
    }

    /// Why a host can't prepare.
    enum Flaw: CaseIterable {
        case provenance
        case disk
        case archive
        /// The order does not name the host.
        case host
        /// The order is for another release.
        case release
        /// The order came too late.
        case late
    }

    package init(seed: UInt64) {
        var draw = SeededGenerator(seed: seed)
        self.seed = seed
        let kind = Self.drawKind(&draw)
        let before = kind != .deploy || draw.chance(85) ? Self.before : nil
        var plan = Self.drawPlan(&draw, kind, previous: before)
        starts = Self.drawStarts(&draw, plan)
        let isBad = draw.chance(35)
        fates = plan.hosts.map { _ in Self.drawFate(&draw, isBad: isBad) }
        let hasAbsent = draw.chance(25)
        absent = plan.hosts.map { _ in hasAbsent && draw.chance(20) }
        let hasIll = draw.chance(30)
        ill = plan.hosts.map { _ in hasIll && draw.chance(25) }
        crashes = draw.chance(50) ? draw.number(0...3) : 0
        faults = draw.chance(60) ? draw.number(1...20) : 0
        words = draw.chance(40)
        hasRival = draw.chance(15)
        kills = draw.chance(40) ? draw.number(1...3) : 0
        lease = draw.chance(15) ? .minutes(3) : .minutes(30)
        validFor = draw.chance(10) ? .minutes(4) : .hours(24)
        hasLocals = draw.chance(10)
        service = Service(&draw, seed: seed)
        (jobs, busy) = Self.drawJobs(of: plan.hosts.count, seed: seed)
        // A restart and the way back to the release before need no order, and so nobody who approves one.
        if plan.release != nil, draw.chance(30) { plan.approvals = draw.number(1...2) }
        approveWithin = .minutes(Int64(draw.number(1...30)))
        if draw.chance(40) { plan.traffic = Self.drawTraffic(&draw, to: service) }
        let hasMaintained = plan.traffic != nil && draw.chance(20)
        maintained = plan.hosts.map { _ in hasMaintained && draw.chance(25) }
        balancerFaults = plan.traffic != nil && draw.chance(40) ? draw.number(1...30) : 0
        if kind == .deploy, draw.chance(30) { plan.offline = Self.drawOffline(&draw) }
        closures = Self.drawClosures(&draw, &plan)
        if kind == .deploy, let migration = service.spec.migration {
            plan.migration = PlannedMigration(host: plan.stages.first?.hosts.first ?? 0, migration: migration)
        }
        if plan.approvals > 0, plan.isTimed { plan.limits.approveWithin = approveWithin }
        judges = Self.addGates(to: &plan, seed: seed)
        Self.addPlaceWindows(to: &plan, seed: seed)
        Self.addStageFloors(to: &plan, seed: seed)
        others = Self.addOthers(to: &plan, seed: seed)
        neighbours = Self.drawNeighbours(plan, seed: seed)
        self.plan = plan
    }

    /// The same fleet, plan and release where nothing else goes wrong: neither network nor agents nor people interfere.
    package func calm() -> Self {
        var calm = self
        (calm.crashes, calm.faults, calm.kills, calm.balancerFaults) = (0, 0, 0, 0)
        (calm.words, calm.hasRival, calm.hasLocals) = (false, false, false)
        return calm
    }

    /// The same where every host is there, well, and able to run the release, every gate passes, and nobody is asked: it
    /// can end in one way.
    package func faultless() -> Self {
        var faultless = calm()
        faultless.fates = fates.map { _ in .works }
        faultless.absent = absent.map { _ in false }
        faultless.ill = ill.map { _ in false }
        faultless.busy = busy.map { _ in false }
        faultless.jobs = 0
        faultless.failingMigrations = 0
        faultless.judges = judges.mapValues { _ in .passes }
        // People answer when they like, or not at all.
        faultless.plan.approvals = 0
        // While a coordinator is away, its time to start may pass.
        faultless.plan.schedule = nil
        faultless.others = others.map { OtherRollout(id: $0.id, ends: $0.ends, outcome: .succeeded) }
        return faultless
    }

    /// By a generator of its own: without them, a seed is the world that it was.
    private static func drawJobs(of count: Int, seed: UInt64) -> (Int, [Bool]) {
        var draw = SeededGenerator(seed: seed &* 89 &+ 31)
        let hasBusy = draw.chance(25)
        return (draw.number(0...80), (0..<count).map { _ in hasBusy && draw.chance(20) })
    }

    static let before = release("1", "a")
    static let target = release("2", "b")

    static func release(_ version: String, _ digit: Character) -> ReleaseID {
        ReleaseID(version: Version(validated: version), digest: Digest(String(repeating: digit, count: 64)) ?? empty)
    }

    private static let empty = Digest(bytes: [UInt8](repeating: 0, count: Digest.byteCount))

    private static func drawFate(_ draw: inout SeededGenerator, isBad: Bool) -> Fate {
        guard draw.chance(isBad ? 30 : 3) else { return .works }
        switch draw.number(0...9) {
        case 0: return .failsToPrepare(Flaw.allCases[draw.number(0...(Flaw.allCases.count - 1))])
        case 1: return .getsStuck
        case 2: return .hangs
        case 3: return .freezes(watchdog: draw.chance(50) ? Int64(draw.number(5000...120_000)) : nil)
        case 4...5: return .fallsIll(after: Int64(draw.number(0...60_000)))
        case _: return .failsChecks
        }
    }
}
