import Activation
import Model
import Testing

struct ReloadTests {
    private func rig() -> Rig {
        var rig = Rig()
        rig.world.spec.strategy = .reload
        rig.deploy(1)
        _ = rig.prepare(2)
        return rig
    }

    /// The effects of the change to release 2, each once in a row.
    private func steps(_ rig: inout Rig) -> [String] {
        _ = rig.begin()
        return rig.steps()
    }

    @Test("A service that runs is neither drained nor stopped: links are switched, and it is told")
    func order() {
        var rig = rig()
        #expect(steps(&rig) == ["armDeadMan", "check", "switchTo", "reload", "check", "armDeadMan"])
        #expect(rig.phase == .awaitingCommit && rig.world.running == Fixture.id(2))
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        #expect(rig.world.invocation == 2)
        #expect(rig.world.violations == [])
    }

    @Test("What the process that runs would not get stops and starts it, drained")
    func changedStartup() {
        var rig = Rig()
        rig.world.spec.strategy = .reload
        rig.world.startups = [Fixture.id(2): Fixture.digest(61)]
        rig.deploy(1)
        _ = rig.prepare(2)
        let restart = ["armDeadMan", "runHook", "stop", "switchTo", "start", "check", "runHook", "armDeadMan"]
        #expect(steps(&rig) == restart)
        #expect(rig.world.violations == [])
    }

    @Test("A service that does not run is started")
    func notRunning() {
        var rig = rig()
        rig.world.running = nil
        let restart = ["armDeadMan", "check", "runHook", "stop", "switchTo", "start", "check", "runHook", "armDeadMan"]
        #expect(steps(&rig) == restart)
        #expect(rig.phase == .awaitingCommit)
    }

    @Test("A service of which nobody can say whether it runs is left alone")
    func unseen() {
        var rig = rig()
        _ = rig.send(rig.coordinator.activate(2), settling: false)
        rig.run { if case .check = $0 { true } else { false } }
        rig.world.finishEffect(.failsBefore)
        #expect(rig.world.link == Fixture.id(1) && rig.world.deadMan == nil && rig.world.effect == nil)
        #expect(rig.current == Fixture.id(1))
    }

    @Test("A configuration that fails to load goes back by a reload: the service never stops")
    func failedReload() {
        var rig = rig()
        rig.world.broken = [Fixture.id(2)]
        let way = ["armDeadMan", "check", "switchTo", "reload", "armDeadMan", "switchTo", "reload", "check"]
        #expect(steps(&rig) == way)
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.invocation == 2)
        #expect(rig.world.violations == [])
    }

    @Test("What was reloaded and is not what its checks expect goes back by a reload")
    func failedChecks() {
        var rig = rig()
        rig.world.failingChecks = [Fixture.id(2)]
        let way = ["armDeadMan", "check", "switchTo", "reload", "check", "armDeadMan", "switchTo", "reload", "check"]
        #expect(steps(&rig) == way)
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))
    }

    @Test(
        "A unit that systemd has started again meanwhile may be of either release: it is drained, stopped and started"
    )
    func anotherRun() {
        var rig = rig()
        rig.world.failingChecks = [Fixture.id(2)]
        _ = rig.send(rig.coordinator.activate(2), settling: false)
        rig.run { if case .reload = $0 { true } else { false } }
        rig.world.finishEffect()
        rig.world.invocation += 1
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1))
        #expect(rig.world.invocation == 4)
        #expect(!rig.world.isOutOfTraffic)
        #expect(rig.world.violations == [])
    }

    @Test("An agent that dies while a service is reloaded goes on with it; a host that does goes back")
    func interrupted() {
        for isReboot in [false, true] {
            var rig = rig()
            _ = rig.send(rig.coordinator.activate(2), settling: false)
            rig.run { if case .reload = $0 { true } else { false } }
            rig.world.blessed = [Fixture.id(1)]
            rig.world.die(isReboot: isReboot, applying: true)
            for _ in 0..<200 where rig.world.effect != nil { rig.world.finishEffect() }
            #expect(rig.phase == (isReboot ? .reverted : .awaitingCommit))
            #expect(rig.world.running == Fixture.id(isReboot ? 1 : 2))
            #expect(rig.world.violations == [])
        }
    }

    @Test("A check may ask for the version of the release that it is of")
    func version() {
        var spec = Fixture.spec()
        spec.checks = [Check(kind: .http(HTTPCheck(url: "http://localhost/", bodyContains: "v{version} ")))]
        let checks = Deployment(id: Fixture.id(2), spec: spec).checks
        #expect(checks.map(\.kind) == [.http(HTTPCheck(url: "http://localhost/", bodyContains: "v1.2 "))])
    }
}
