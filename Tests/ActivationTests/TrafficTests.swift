import Activation
import Model
import Testing

struct TrafficTests {
    private func rig(_ policy: TrafficPolicy = Fixture.traffic) -> Rig {
        var rig = Rig()
        rig.coordinator.traffic = policy
        rig.world.spec.hooks = Hooks()
        rig.deploy(1)
        _ = rig.prepare(2)
        return rig
    }

    private let looks = { (effect: Effect) in if case .lookAtTraffic = effect { true } else { false } }
    private let directs = { (effect: Effect) in if case .directTraffic = effect { true } else { false } }

    @Test("Out of traffic before the service stops, back after its checks, and only then does it wait for its commit")
    func order() {
        var rig = rig()
        #expect(rig.world.admission == .ready)
        _ = rig.begin()
        let way = [
            "armDeadMan", "lookAtTraffic", "directTraffic", "lookAtTraffic", "stop", "switchTo", "start", "check",
            "lookAtTraffic", "directTraffic", "lookAtTraffic", "armDeadMan",
        ]
        #expect(rig.steps() == way)
        #expect(rig.phase == .awaitingCommit && rig.world.admission == .ready)
        #expect(!rig.world.machine.report.isDrained)
        #expect(rig.world.violations == [])
    }

    @Test("A first release gets no traffic before its checks, either")
    func first() {
        var rig = Rig()
        rig.coordinator.traffic = Fixture.traffic
        _ = rig.claim()
        _ = rig.prepare(1)
        _ = rig.send(rig.coordinator.activate(1), settling: false)
        rig.run { if case .check = $0 { true } else { false } }
        #expect(rig.world.admission == .drain && rig.world.machine.report.isDrained)
        for _ in 0..<200 where rig.world.effect != nil { rig.world.finishEffect() }
        #expect(rig.phase == .awaitingCommit && rig.world.admission == .ready)
    }

    @Test("A load balancer that does not answer refuses the change while nothing is touched")
    func unreachable() {
        var rig = rig()
        let command = rig.begin()
        rig.run(until: looks)
        rig.world.finishEffect(.failsBefore)
        guard case .refused? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("\(String(describing: rig.phase))")
            return
        }
        #expect(rig.world.running == Fixture.id(1) && rig.world.deadMan == nil && rig.world.effect == nil)
        #expect(rig.world.admission == .ready)
    }

    @Test("It keeps neither the way back waiting, nor the cure of what is ill")
    func goesOn() {
        for purpose in [Purpose.rollback, .deploy] {
            var rig = rig()
            if purpose == .deploy {
                rig.world.failingChecks = [Fixture.id(1)]
                let check = CheckResult(label: "tcp", failure: "no", took: .zero, at: rig.world.now.wall)
                let look = Observation(unit: Fixture.unitState(), checks: [check], current: Fixture.id(1))
                rig.world.feed(.observed(look, after: rig.world.machine.lastStep))
            } else {
                rig.deploy(2)
                _ = rig.claim()
            }
            let target = purpose == .deploy ? 2 : 1
            _ = rig.send(rig.coordinator.activate(target, purpose), settling: false)
            rig.run(until: looks)
            rig.world.finishEffect(.failsBefore)
            rig.world.finishEffect(.failsBefore)
            for _ in 0..<200 where rig.world.effect != nil { rig.world.finishEffect() }
            #expect(rig.phase == .awaitingCommit && rig.world.running == Fixture.id(target), "\(purpose)")
        }
    }

    @Test("Sessions have their time; then they are cut, or the change is given up, as the plan says")
    func sessionsLeft() {
        for policy in SessionsLeftPolicy.allCases {
            var traffic = Fixture.traffic
            traffic.onSessionsLeft = policy
            var rig = rig(traffic)
            rig.world.sessions = 2
            _ = rig.begin()
            let before = rig.world.clock
            rig.run { if case .stop = $0 { true } else { false } }
            #expect(rig.world.clock - before >= traffic.drainWithin.milliseconds)
            for _ in 0..<200 where rig.world.effect != nil { rig.world.finishEffect() }
            #expect(rig.phase == (policy == .cut ? .awaitingCommit : .reverted))
            #expect(rig.world.admission == .ready && rig.world.invocation == (policy == .cut ? 3 : 2))
            #expect(rig.world.violations == [])
            if policy == .fail {
                #expect(rig.world.machine.report.operation?.failure?.code == .trafficFailed)
            }
        }
    }

    @Test("A load balancer that is told and does not listen gets the time of the sessions, then the host goes back")
    func deaf() {
        var rig = rig()
        _ = rig.begin()
        rig.run(until: looks)
        rig.world.finishEffect()
        for _ in 0..<200 where rig.phase == .draining {
            rig.world.finishEffect(.failsBefore)
            rig.world.pass(.milliseconds(500))
        }
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.invocation == 2)
        #expect(rig.world.admission == .ready)
    }

    @Test("A release that HAProxy's own checks don't find well is taken back, and the old one serves again")
    func neverUp() {
        var rig = rig()
        rig.world.isSeenUp = false
        _ = rig.begin()
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.admission == .ready)
        #expect(rig.world.machine.report.operation?.failure?.code == .trafficFailed)
        #expect(rig.world.violations == [])
    }

    @Test("A release that fails goes back without ever having had traffic; the old one has it again after its checks")
    func reverted() {
        var rig = rig()
        rig.world.failingChecks = [Fixture.id(2)]
        _ = rig.begin()
        _ = rig.steps()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.admission == .ready)
        #expect(rig.world.violations == [])
    }

    @Test("A release that is taken back while it waits for its commit is drained like the one before it")
    func drainedOnTheWayBack() {
        var rig = rig()
        _ = rig.begin()
        _ = rig.steps()
        let revert = rig.coordinator.command(.revert(release: Fixture.digest(2), reason: "the canary failed"))
        _ = rig.send(revert, settling: false)
        let way = [
            "armDeadMan", "lookAtTraffic", "directTraffic", "lookAtTraffic", "stop", "switchTo", "start", "check",
            "lookAtTraffic", "directTraffic", "lookAtTraffic",
        ]
        #expect(rig.steps() == way)
        #expect(rig.phase == .reverted && rig.world.admission == .ready)
    }

    @Test("What a person has put into maintenance, before or meanwhile, is left to them")
    func maintenance() {
        for isBefore in [true, false] {
            var rig = rig()
            if isBefore { rig.world.admission = .maintenance }
            _ = rig.begin()
            rig.run { if case .start = $0 { true } else { false } }
            rig.world.admission = .maintenance
            _ = rig.steps()
            #expect(rig.phase == .awaitingCommit && rig.world.admission == .maintenance)
            #expect(!rig.world.machine.report.isDrained)
            #expect(rig.world.violations == [])
        }
    }

    @Test("Whenever the agent or the host dies, the host has its traffic again in the end, and never before its checks")
    func interrupted() {
        for isReboot in [false, true] {
            for applying in [false, true] {
                for count in 0..<14 {
                    var rig = rig()
                    rig.world.blessed = [Fixture.id(1)]
                    _ = rig.begin()
                    for _ in 0..<count where rig.world.effect != nil { rig.world.finishEffect() }
                    rig.world.die(isReboot: isReboot, applying: applying)
                    rig.world.settle()
                    #expect(rig.world.admission == .ready, "\(isReboot) \(applying) \(count)")
                    #expect(!rig.world.machine.report.isDrained, "\(isReboot) \(applying) \(count)")
                    #expect(rig.world.running == rig.world.link, "\(isReboot) \(applying) \(count)")
                    #expect(rig.world.violations == [], "\(isReboot) \(applying) \(count)")
                }
            }
        }
    }

    @Test("A load balancer that stays away on the way back is said aloud, and the next change puts the host back")
    func stuck() {
        var rig = rig()
        rig.world.failingChecks = [Fixture.id(2)]
        _ = rig.begin()
        rig.run { if case .switchTo = $0 { true } else { false } }
        for _ in 0..<4000 where !rig.world.machine.isStuck {
            guard let effect = rig.world.effect?.effect else { break }
            let isDeaf = looks(effect) || directs(effect)
            rig.world.finishEffect(isDeaf ? .failsBefore : .succeeds)
            if isDeaf { rig.world.pass(.milliseconds(500)) }
        }
        #expect(rig.world.machine.isStuck && rig.world.running == Fixture.id(1))
        #expect(rig.world.machine.report.isDrained && rig.world.admission == .drain)
        rig.world.feed(.local(.rollback(to: nil, breakingClaim: "a test"), .local(1, user: "root")))
        rig.world.settle()
        #expect(rig.world.admission == .ready && !rig.world.machine.report.isDrained)
    }

    @Test("What a person changes on the host goes by the load balancers that its rollouts have named last")
    func local() {
        var rig = rig()
        rig.deploy(2)
        _ = rig.ask(.releaseClaim)
        rig.world.feed(.local(.rollback(to: nil), .local(1, user: "root")))
        #expect(rig.steps().filter { $0 == "directTraffic" }.count == 2)
        #expect(rig.world.running == Fixture.id(1) && rig.world.admission == .ready)
    }

    @Test("A file takes the place of both hooks: made before the stop, then the wait; removed after the checks")
    func drainFile() {
        var rig = Rig()
        rig.world.spec.hooks = Hooks(drainFile: DrainFile(path: "/run/web-out", wait: .milliseconds(1050)))
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.begin()
        var hooks: [HookRun] = []
        for _ in 0..<100 {
            guard let effect = rig.world.effect?.effect else { break }
            if case .runHook(let hook) = effect { hooks.append(hook) }
            rig.world.finishEffect()
        }
        #expect(hooks.map(\.kind) == [.drain, .undrain] && hooks.map(\.release) == [Fixture.id(1), Fixture.id(2)])
        #expect(hooks.first?.command.suffix(2) == ["/run/web-out", "1.050"])
        #expect(hooks.first?.timeout == .milliseconds(61_050))
        #expect(hooks.last?.command == ["/bin/rm", "-f", "--", "/run/web-out"])
        #expect(rig.world.violations == [])
    }
}
