import Activation
import Model
import Testing

struct TimerTests {
    private func rig(isTried: Bool = false) -> Rig {
        var rig = Rig()
        rig.world.spec = Self.spec(isTried: isTried)
        rig.deploy(1)
        _ = rig.prepare(2)
        return rig
    }

    private static func spec(isTried: Bool) -> ServiceSpec {
        var spec = Fixture.spec(hooks: false)
        spec.unit = RelativePath("systemd/report.timer").map(UnitSource.file) ?? .absent
        spec.job = RelativePath("systemd/report.service").map {
            TimedJob(unit: $0, within: .minutes(1), isTried: isTried)
        }
        return spec
    }

    private static func words(_ effect: Effect) -> String {
        switch effect {
        case .stop(let units): "stop \(units.map(\.text).joined(separator: "+"))"
        case .start(let startup): "\(startup.isTrial ? "try" : "start") \(startup.unit)"
        case .verify, .reserve, .unpack, .inspect, .install, .armDeadMan, .runHook, .migrate, .askIdle, .lookAtTraffic,
            .directTraffic, .restore, .handOver, .switchTo, .reload, .check:
            Rig.name(effect)
        }
    }

    private let asks = { (effect: Effect) in if case .askIdle = effect { true } else { false } }

    @Test("The timer stops, a run that is under way ends, and only then it is switched; a trial comes before the timer")
    func order() {
        var rig = rig(isTried: true)
        _ = rig.begin()
        rig.world.isBusy = true
        rig.run(until: asks)
        #expect(rig.world.runs.isEmpty && rig.phase == .draining)
        for _ in 0..<5 { rig.world.finishEffect() }
        #expect(rig.world.machine.report.operation?.awaitsIdle == true && rig.world.link == Fixture.id(1))
        rig.world.isBusy = false
        let way = ["askIdle", "switchTo", "try report.service", "start report.timer", "check", "armDeadMan"]
        #expect(rig.steps(Self.words) == way)
        #expect(rig.phase == .awaitingCommit && rig.world.violations == [])
    }

    @Test("Timer and job are installed together, and removed together")
    func files() {
        var rig = rig()
        _ = rig.begin()
        var found: [Switch] = []
        rig.run { effect in
            if case .switchTo(let change) = effect { found.append(change) }
            return false
        }
        #expect(found.first?.installs.map(\.name) == ["report.timer", "report.service"])
        #expect(found.first?.removes == [])
        _ = rig.commit(2)
        rig.world.spec = Fixture.spec(hooks: false)
        _ = rig.prepare(3)
        _ = rig.begin(3)
        rig.run { effect in
            if case .switchTo(let change) = effect { found.append(change) }
            return false
        }
        #expect(found.last?.removes.map(\.text) == ["report.timer", "report.service"])
        #expect(found.last?.retires.map(\.text) == ["report.timer", "report.service"])
    }

    @Test("A run that takes longer than it may goes on, its timer starts again, and the host counts as failed")
    func staysBusy() {
        var rig = rig()
        let command = rig.begin()
        rig.world.isBusy = true
        let way = rig.steps(Self.words)
        #expect(!way.contains("stop report.service") && way.contains("start report.timer"), "\(way)")
        guard case .reverted(Fixture.id(1), let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not put back")
            return
        }
        #expect(failure.code == .serviceBusy && failure.message.hasPrefix("report.service was still busy after 1m"))
        #expect(rig.world.running == Fixture.id(1) && rig.world.violations == [])
    }

    @Test("Nobody who can't be asked is switched, on no way", arguments: [Purpose.deploy, .rollback])
    func unanswered(_ purpose: Purpose) {
        var rig = rig()
        if purpose == .rollback { rig.deploy(2) }
        _ = rig.begin(purpose == .deploy ? 2 : 1, purpose)
        rig.run(until: asks)
        rig.world.finishEffect(.failsBefore)
        #expect(!rig.steps(Self.words).contains("try report.service"))
        #expect(rig.phase == .reverted && rig.world.violations == [])
    }

    @Test("A release whose job fails its trial goes back, and its timer never starts")
    func trial() {
        var rig = rig(isTried: true)
        rig.world.broken = [Fixture.id(2)]
        _ = rig.begin()
        let way = rig.steps(Self.words)
        #expect(way.filter { $0 == "start report.timer" }.count == 1, "\(way)")
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.violations == [])
    }

    @Test("Going back, a run of the new release has its time; then it is ended, for the old one must come back")
    func wayBack() {
        for staysBusy in [false, true] {
            var rig = rig()
            _ = rig.activate(2)
            rig.world.isBusy = true
            let revert = rig.coordinator.command(.revert(release: Fixture.digest(2), reason: "the canary failed"))
            _ = rig.send(revert, settling: false)
            rig.run(until: asks)
            for _ in 0..<3 { rig.world.finishEffect() }
            rig.world.isBusy = staysBusy
            let way = rig.steps(Self.words)
            #expect(way.contains("stop report.service") == staysBusy, "\(way)")
            #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.violations == [])
        }
    }

    @Test("Whenever the agent or the host dies, one release's timer runs, and no run was switched under")
    func interrupted() {
        for isReboot in [false, true] {
            for applying in [false, true] {
                for count in 0..<16 {
                    var rig = rig(isTried: true)
                    rig.world.blessed = [Fixture.id(1)]
                    rig.world.isBusy = count % 2 == 0
                    _ = rig.begin()
                    for _ in 0..<count where rig.world.effect != nil { rig.world.finishEffect() }
                    if isReboot { rig.world.isBusy = false }
                    rig.world.die(isReboot: isReboot, applying: applying)
                    rig.world.settle()
                    let words: Comment = "\(isReboot) \(applying) \(count)"
                    #expect(rig.world.running == rig.world.link && rig.world.violations == [], words)
                }
            }
        }
    }
}
