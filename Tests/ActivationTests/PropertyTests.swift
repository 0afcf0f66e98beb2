import Activation
import Model
import TestSupport
import Testing

/// Thousands of histories with failures, crashes, reboots, repetitions and two coordinators at once.
///
/// A failing history prints its seed; `SEED=n swift test --filter PropertyTests` plays it again.
struct PropertyTests {
    @Test("Whatever goes wrong, the host ends on the old or the new release, whole, and names it")
    func histories() {
        for seed in SeededGenerator.seeds(usual: 800) {
            var history = History(seed: seed)
            history.run()
            let replay = "SEED=\(seed) swift test --filter PropertyTests"
            #expect(history.world.violations == [], "seed=\(seed); replay with \(replay)")
            guard history.world.violations.isEmpty else { return }
        }
    }
}

/// One random history.
private struct History {
    var world = ModelWorld()
    private var random: SeededGenerator
    private var coordinators = [Coordinator(ledger: 0), Coordinator(ledger: 1)]
    private var sent: [(command: HostCommand, reading: Reading)] = []
    /// Requests that the host has taken in; a repetition of one must change nothing.
    private var taken: Set<RequestID> = []
    private var locals: Int64 = 0
    /// A person has the serving instance out of traffic, so that whichever serves stays out.
    private let isKeptOut: Bool

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        isKeptOut = seed % 120 == 96
        world.storesEachEvent = seed % 40 == 0
        world.broken = [Fixture.id(4)]
        world.failingChecks = [Fixture.id(5)]
        if seed % 3 == 0 { world.spec.strategy = .reload }
        let isPaired = seed % 5 == 1
        if isPaired { world.spec = Fixture.pairedSpec(hooks: seed % 2 == 0) }
        if seed % 7 == 2 { world.spec.hooks.warmUp = ["bin/warm-up"] }
        if seed % 9 == 4 { world.spec.hooks.idle = IdleHook(command: ["bin/idle"], within: .seconds(20)) }
        if seed % 4 == 0 {
            let traffic = isPaired ? Fixture.pairedTraffic : Fixture.traffic
            for index in coordinators.indices { coordinators[index].traffic = traffic }
            world.sessions = Int(seed % 3)
            if seed % 20 == 0 { world.admission = .maintenance }
            if isKeptOut { world.admissions[Fixture.blue] = .maintenance }
        }
        if seed % 6 == 0 { world.startups = [Fixture.id(2): Fixture.digest(61)] }
    }

    mutating func run() {
        for _ in 0..<Int.random(in: 10...120, using: &random) where world.violations.isEmpty { step() }
        world.settle()
        judge()
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<55 where world.effect != nil: endEffect()
        case 55..<60: world.pass(.seconds(Int64.random(in: 0...90, using: &random)))
        case 60..<63:
            forgetPrepares()
            world.crash(applying: chance(50))
        case 63..<66:
            forgetPrepares()
            world.reboot(applying: chance(50), early: chance(50))
        case 66..<68: local()
        case 68..<74: repeatSomething()
        case 74..<77: lateResult()
        case 77..<79: observe()
        case 79 where world.spec.hooks.idle != nil: world.isBusy.toggle()
        case 79..<83: speak()
        default: goOn()
        }
    }

    private mutating func endEffect() {
        guard chance(8) else { return world.finishEffect() }
        world.finishEffect(ModelWorld.Fate.allCases.randomElement(using: &random) ?? .succeeds)
    }

    private mutating func forgetPrepares() {
        for (command, _) in sent {
            if case .prepare = command.request, world.replies[.command(command.id)] == nil { taken.remove(command.id) }
        }
    }

    /// A result that nobody waits for any more.
    private mutating func lateResult() {
        guard let token = world.effect?.token else { return }
        world.feed(.woke)
        let before = world.machine
        let stale = Token(token.number - Int64.random(in: 1...3, using: &random))
        world.feed(.finished(stale, chance(50) ? .done : .failed(Failure(.internalError, "late"))))
        if world.machine != before { world.refuse("a late result changed something") }
    }

    private mutating func observe() {
        let unit = world.link.map { _ in Fixture.unitState(world.running == nil ? "failed" : "active") }
        let check = CheckResult(label: "tcp", failure: nil, took: .zero, at: world.now.wall)
        let look = Observation(unit: unit, checks: [check], current: world.link)
        world.feed(.observed(look, after: world.machine.lastStep))
    }

    private mutating func local() {
        locals += 1
        let requester = Requester.local(locals, user: "root \(locals)")
        let number = Int.random(in: 1...5, using: &random)
        let release = LocalRelease(
            release: Fixture.release(number),
            digest: Fixture.digest(number),
            material: Fixture.material
        )
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            if number < 4 { world.blessed.insert(Fixture.id(number)) }
            world.feed(.local(.apply(release), requester))
        case 1:
            let reason = Bool.random(using: &random) ? "a test" : nil
            world.feed(.local(.rollback(to: nil, breakingClaim: reason), requester))
        default: world.feed(.local(.unhold, requester))
        }
    }

    private mutating func repeatSomething() {
        guard let (command, reading) = sent.randomElement(using: &random) else { return }
        deliver(command, reading)
    }

    /// What a coordinator does that means well.
    private mutating func goOn() {
        let report = world.machine.report
        guard let claim = report.claim, let who = coordinators.firstIndex(where: { $0.rollout == claim.rollout }) else {
            if report.held != nil {
                locals += 1
                return world.feed(.local(.unhold, .local(locals, user: "root \(locals)")))
            }
            return send(coordinators[0].claim(above: highest))
        }
        if report.held != nil { return send(coordinators[who].command(.releaseClaim)) }
        switch report.operation?.phase {
        case .awaitingCommit?, .kept?: decide(who, report)
        case .prepared?: send(coordinators[who].activate(prepared ?? 1, onCommitMissing: policy))
        case .preparing?, .draining?, .switching?, .starting?, .checking?, .reverting?: world.finishEffect()
        case nil, .idle?, .committed?, .reverted?, .stuck?: begin(who, report)
        }
    }

    private mutating func decide(_ who: Int, _ report: ServiceReport) {
        guard let target = report.operation?.target.digest else { return }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: send(coordinators[who].command(.revert(release: target, reason: "the canary failed")))
        case 1: world.pass(.seconds(61))
        default: send(coordinators[who].command(.commit(release: target)))
        }
    }

    private mutating func begin(_ who: Int, _ report: ServiceReport) {
        let digest = report.current?.id.digest ?? Fixture.digest(1)
        let number = (1...5).first { Fixture.digest($0) == digest } ?? 1
        let before = (1...5).first { Fixture.id($0) == report.previous?.id } ?? 1
        switch Int.random(in: 0..<20, using: &random) {
        case 0...1: send(coordinators[who].command(.confirm(release: digest)))
        case 2...3: send(coordinators[who].activate(before, .rollback))
        case 4: send(coordinators[who].activate(number, .restart))
        case 5: send(coordinators[who].command(.releaseClaim))
        default:
            let (command, reading) = coordinators[who].prepare(Int.random(in: 1...5, using: &random))
            send(command, reading)
        }
    }

    private mutating func send(_ command: HostCommand, _ reading: Reading? = nil) {
        let reading = reading ?? command.usualReading
        sent.append((command, reading))
        deliver(command, reading)
    }

    private mutating func speak() {
        let who = chance(85) ? 0 : 1
        let number = Int.random(in: 1...5, using: &random)
        var reading: Reading?
        let command: HostCommand
        let target = world.machine.report.operation?.target
        let release = chance(80) ? target?.digest ?? Fixture.digest(number) : Fixture.digest(number)
        switch Int.random(in: 0..<22, using: &random) {
        case 0...1: command = coordinators[who].claim(above: chance(90) ? highest : .none)
        case 2...6: (command, reading) = coordinators[who].prepare(number)
        case 7...11: command = coordinators[who].activate(prepared ?? number, onCommitMissing: policy)
        case 12: command = coordinators[who].activate(number, .rollback)
        case 13: command = coordinators[who].activate(number, .restart)
        case 14...17: command = coordinators[who].command(.commit(release: release))
        case 18: command = coordinators[who].command(.revert(release: release, reason: "the canary failed"))
        case 19: command = coordinators[who].command(.discard(release: release))
        case 20: command = coordinators[who].command(.confirm(release: release))
        default: command = coordinators[who].command(.releaseClaim)
        }
        send(command, reading)
    }

    private var highest: Epoch { world.machine.report.claim?.epoch ?? coordinators.map(\.epoch).max() ?? .none }

    private var policy: CommitMissingPolicy {
        mutating get { chance(40) ? .keep : .revert }
    }

    private var prepared: Int? {
        guard world.machine.report.operation?.phase == .prepared else { return nil }
        return (1...5).first { Fixture.id($0) == world.machine.report.operation?.target }
    }

    private mutating func deliver(_ command: HostCommand, _ reading: Reading) {
        world.feed(.woke)
        if case .commit(let digest) = command.request, world.machine.report.operation?.phase.isUncommitted == true,
            let release = world.link, release.digest == digest,
            world.machine.report.claim.map({ $0.rollout == command.id.rollout && $0.epoch == command.id.epoch }) == true
        {
            world.blessed.insert(release)
        }
        let before = world.machine
        let claim = before.report.claim
        world.feed(.command(command, reading))
        let hasChanged = world.machine != before
        if taken.contains(command.id), hasChanged { world.refuse("a repetition of \(command.id) changed something") }
        if case .claim = command.request {
        } else if let claim, claim.epoch > command.id.epoch || claim.rollout != command.id.rollout, hasChanged {
            world.refuse("\(command.id) took effect against \(claim.rollout) epoch \(claim.epoch)")
        }
        if hasChanged { taken.insert(command.id) }
    }

    /// What must hold once faults have stopped.
    private mutating func judge() {
        let report = world.machine.report
        if world.machine.isStuck { return }
        if world.link != report.current?.id {
            world.refuse("names \(report.current?.id as Any), linked \(world.link as Any)")
        }
        if world.running != world.link { world.refuse("runs \(world.running as Any), linked \(world.link as Any)") }
        if world.link != nil, world.admission == .drain, !isKeptOut { world.refuse("nobody gives it traffic again") }
        if world.instances.values.contains(where: { $0 != world.link }) || world.instances.count > 1 {
            world.refuse("instances are \(world.instances), linked \(world.link as Any)")
        }
        if world.unitFile != world.link { world.refuse("the unit is of another release") }
        if let link = world.link {
            if world.trees[link] == nil { world.refuse("\(link) has no tree") }
            let isKept = report.operation?.phase == .kept && world.kept.contains(link)
            if !world.blessed.contains(link), !isKept { world.refuse("\(link) stayed and was never committed") }
            if world.broken.contains(link) || world.failingChecks.contains(link) {
                world.refuse("\(link) never worked")
            }
        }
        for pinned in world.machine.pinned where world.trees[pinned] == nil {
            world.refuse("\(pinned) is pinned and gone")
        }
    }
}
