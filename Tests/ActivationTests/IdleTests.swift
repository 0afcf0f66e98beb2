import Activation
import Model
import Testing

struct IdleTests {
    private func rig(_ spec: ServiceSpec = Fixture.spec(), behind policy: TrafficPolicy? = nil) -> Rig {
        var rig = Rig()
        rig.coordinator.traffic = policy
        rig.world.spec = spec
        rig.world.spec.hooks.idle = IdleHook(command: ["bin/idle", "{instance}"], within: .minutes(1))
        rig.deploy(1)
        _ = rig.prepare(2)
        rig.world.mustBeIdle = true
        return rig
    }

    private let asks = { (effect: Effect) in if case .askIdle = effect { true } else { false } }

    /// Performs questions until the world is another one.
    private func ask(_ rig: inout Rig, _ count: Int) {
        for _ in 0..<count { rig.world.finishEffect() }
    }

    @Test("Out of traffic first; then it is asked until it is idle, every two seconds, and only then it stops")
    func order() {
        var rig = rig(behind: Fixture.traffic)
        _ = rig.begin()
        rig.run(until: asks)
        #expect(rig.world.isOutOfTraffic && rig.world.admission == .drain && rig.world.running == Fixture.id(1))
        #expect(rig.world.machine.report.operation?.awaitsIdle == nil)
        rig.world.isBusy = true
        let before = rig.world.clock
        ask(&rig, 11)
        #expect(rig.world.clock == before + 20_000 && rig.world.running == Fixture.id(1) && rig.phase == .draining)
        #expect(rig.world.machine.report.operation?.awaitsIdle == true)
        #expect(rig.world.announced.last?.awaitsIdle == true)
        rig.world.isBusy = false
        #expect(rig.steps().prefix(3) == ["askIdle", "stop", "switchTo"])
        #expect(rig.phase == .awaitingCommit && rig.world.machine.report.operation?.awaitsIdle == nil)
        #expect(rig.world.violations == [])
    }

    @Test("What stays busy is put back, in traffic, and was never stopped: the host counts as failed")
    func staysBusy() {
        var rig = rig(behind: Fixture.traffic)
        let command = rig.begin()
        rig.world.isBusy = true
        let way = rig.steps()
        #expect(!way.contains("stop") && !way.contains("switchTo"), "\(way)")
        guard case .reverted(Fixture.id(1), let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not put back")
            return
        }
        #expect(failure.code == .serviceBusy && failure.message.contains("still busy after 1m"), "\(failure)")
        #expect(rig.world.admission == .ready && !rig.world.isOutOfTraffic && rig.world.invocation == 2)
        #expect(rig.world.violations == [])
    }

    @Test("A deadline that is over before it is idle is no reason to stop it, either")
    func overdue() {
        var rig = rig()
        rig.world.spec.hooks.idle?.within = .hours(9)
        rig.deploy(2)
        _ = rig.prepare(3)
        let command = rig.begin(3)
        rig.world.isBusy = true
        rig.run(until: asks)
        ask(&rig, 2)
        rig.world.pass(.minutes(10))
        let way = rig.steps()
        #expect(!way.contains("stop"), "\(way)")
        guard case .reverted(_, let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not put back")
            return
        }
        #expect(failure.code == .serviceBusy && rig.world.running == Fixture.id(2) && rig.world.violations == [])
    }

    struct Unanswered: CustomTestStringConvertible, Sendable {
        let purpose: Purpose
        var isIll = false
        let stops: Bool
        var testDescription: String { "\(purpose.rawValue)\(isIll ? " of what is ill" : "")" }
    }

    @Test(
        "Who can't say whether it is idle is not stopped, but for its own cure and the way back",
        arguments: [
            Unanswered(purpose: .deploy, stops: false),
            Unanswered(purpose: .deploy, isIll: true, stops: true),
            Unanswered(purpose: .rollback, stops: true),
        ]
    )
    func unanswered(_ row: Unanswered) {
        var rig = rig()
        rig.world.mustBeIdle = false
        if row.purpose == .rollback { rig.deploy(2) }
        if row.isIll {
            let check = CheckResult(label: "tcp", failure: "no", took: .zero, at: rig.world.now.wall)
            let look = Observation(unit: Fixture.unitState(), checks: [check], current: Fixture.id(1))
            rig.world.feed(.observed(look, after: rig.world.machine.lastStep))
        }
        _ = rig.begin(row.purpose == .deploy ? 2 : 1, row.purpose)
        rig.run(until: asks)
        rig.world.finishEffect(.failsBefore)
        let way = rig.steps()
        #expect(way.contains("stop") == row.stops, "\(way)")
        #expect(rig.phase == (row.stops ? .awaitingCommit : .reverted) && rig.world.violations == [])
    }

    @Test("A release that is taken back gets the same time for its jobs, and must go then")
    func wayBack() {
        for staysBusy in [false, true] {
            var rig = rig()
            _ = rig.activate(2)
            rig.world.isBusy = true
            let revert = rig.coordinator.command(.revert(release: Fixture.digest(2), reason: "the canary failed"))
            _ = rig.send(revert, settling: false)
            rig.run(until: asks)
            let before = rig.world.clock
            ask(&rig, 3)
            #expect(rig.phase == .reverting && rig.world.machine.report.operation?.awaitsIdle == true)
            rig.world.isBusy = staysBusy
            rig.world.settle()
            #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))
            #expect((rig.world.clock - before >= 60_000) == staysBusy && rig.world.violations == [])
        }
    }

    @Test(
        "Of two instances the old one has its time after it has lost its traffic; where it stays busy, it has it again"
    )
    func beside() {
        for staysBusy in [false, true] {
            var rig = rig(Fixture.pairedSpec(), behind: Fixture.pairedTraffic)
            rig.world.mustServe = true
            _ = rig.begin()
            rig.run(until: asks)
            guard case .askIdle(let question)? = rig.world.effect?.effect, case .hook(let hook) = question.subject
            else {
                Issue.record("was not asked")
                return
            }
            #expect(hook.command == ["bin/idle", "8081"] && rig.world.admissions[Fixture.blue] == .drain)
            rig.world.isBusy = true
            ask(&rig, 3)
            #expect(rig.phase == .checking && rig.world.machine.report.operation?.awaitsIdle == true)
            rig.world.isBusy = staysBusy
            _ = rig.steps()
            #expect(rig.phase == (staysBusy ? .reverted : .awaitingCommit))
            #expect(rig.world.running == Fixture.id(staysBusy ? 1 : 2) && rig.world.admission == .ready)
            #expect(rig.world.violations == [])
        }
    }

    @Test("An agent that dies while it waits goes on waiting, for no longer; a host that dies has nothing to wait for")
    func interrupted() {
        var rig = rig()
        rig.world.blessed = [Fixture.id(1)]
        _ = rig.begin()
        rig.world.isBusy = true
        rig.run(until: asks)
        ask(&rig, 20)
        let began = rig.world.clock
        rig.world.crash(applying: true)
        #expect(rig.world.running == Fixture.id(1))
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.clock - began < 30_000 && rig.world.violations == [])

        _ = rig.prepare(3)
        _ = rig.begin(3)
        rig.run(until: asks)
        rig.world.reboot(applying: false, early: true)
        rig.world.settle()
        #expect(rig.world.running == Fixture.id(1) && rig.world.violations == [])
    }

    @Test("The timer leaves its process the time that a busy release has on the way back")
    func timer() {
        var rig = rig()
        var found: TimeSpan?
        _ = rig.begin()
        rig.run { effect in
            if case .armDeadMan(_, let wayBack) = effect { found = wayBack }
            return false
        }
        #expect(found == .minutes(2) * 3 + .minutes(10))
    }

    @Test("A person's change on the host takes the time into account")
    func local() {
        var rig = rig()
        _ = rig.ask(.releaseClaim)
        let release = LocalRelease(release: Fixture.release(2), digest: Fixture.digest(2), material: Fixture.material)
        rig.world.feed(.local(.apply(release), .local(1, user: "root")))
        rig.run(until: asks)
        rig.world.isBusy = true
        ask(&rig, 3)
        rig.world.isBusy = false
        rig.world.settle()
        #expect(rig.world.running == Fixture.id(2) && rig.world.violations == [])
    }
}
