import Activation
import Model
import Testing

struct WarmUpTests {
    private func rig(_ spec: ServiceSpec = Fixture.spec(), behind policy: TrafficPolicy? = Fixture.traffic) -> Rig {
        var rig = Rig()
        rig.coordinator.traffic = policy
        rig.world.spec = spec
        rig.world.spec.hooks.warmUp = ["bin/warm-up", "{instance}"]
        rig.deploy(1)
        _ = rig.prepare(2)
        return rig
    }

    private static func words(_ effect: Effect) -> String {
        if case .runHook(let hook) = effect {
            "\(hook.kind.rawValue) \(hook.release.version)"
        } else {
            Rig.name(effect)
        }
    }

    private let warms = { (effect: Effect) in
        if case .runHook(let hook) = effect { hook.kind == .warmUp } else { false }
    }

    @Test("Once its checks have passed it is warmed up, must be well for its time after that, and then gets traffic")
    func order() throws {
        var rig = rig()
        _ = rig.begin()
        let way = rig.steps(Self.words)
        let start = try #require(way.firstIndex(of: "start"))
        #expect(
            Array(way[start...]) == [
                "start", "check", "warm-up 1.2", "check", "undrain 1.2", "lookAtTraffic", "directTraffic",
                "lookAtTraffic",
                "armDeadMan",
            ]
        )
        #expect(rig.phase == .awaitingCommit && rig.world.violations == [])
    }

    @Test("The healthy time counts from after the warm-up, also for what took all of its time to come up")
    func time() {
        var rig = rig()
        _ = rig.begin()
        rig.run(until: warms)
        rig.world.clock += 9000
        let before = rig.world.clock
        rig.world.finishEffect()
        _ = rig.steps()
        #expect(rig.phase == .awaitingCommit && rig.world.clock >= before + 2000)
    }

    @Test("What can't be warmed up goes back like what fails a check, and the old release is warmed up before traffic")
    func fails() throws {
        var rig = rig()
        let command = rig.begin()
        rig.run(until: warms)
        let token = try #require(rig.world.effect?.token)
        let failure = Failure(
            .hookFailed,
            "warm-up hook 'bin/warm-up' ended with exit-code, status 1",
            evidence: ["boom"]
        )
        rig.world.feed(.finished(token, .failed(failure)))
        let way = rig.steps(Self.words)
        let tail = ["check", "warm-up 1.1", "undrain 1.1", "lookAtTraffic", "directTraffic", "lookAtTraffic"]
        #expect(way.suffix(tail.count) == tail[...], "\(way)")
        guard case .reverted(Fixture.id(1), let found)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("not reverted")
            return
        }
        #expect(found.code == .checkFailed && found.evidence == ["boom"] && found.message == failure.message)
        #expect(rig.world.admission == .ready && rig.world.violations == [])
    }

    @Test("The way back does not wait for a warm-up that fails: the old release matters more")
    func wayBack() {
        var rig = rig()
        rig.world.failingChecks = [Fixture.id(2)]
        _ = rig.begin()
        rig.run(until: warms)
        rig.world.finishEffect(.failsBefore)
        // Nobody has warmed it up, and it must serve.
        rig.world.warm = [nil]
        rig.world.settle()
        #expect(rig.phase == .reverted && rig.world.admission == .ready && rig.world.violations == [])
    }

    @Test(
        "Of two instances the new one is warmed up while the old one serves; that stays as it is where it never stopped"
    )
    func beside() {
        var rig = rig(Fixture.pairedSpec(), behind: Fixture.pairedTraffic)
        rig.world.mustServe = true
        _ = rig.begin()
        rig.run(until: warms)
        guard case .runHook(let hook)? = rig.world.effect?.effect else {
            Issue.record("not warmed up")
            return
        }
        #expect(hook.command == ["bin/warm-up", "8082"] && hook.instance == Fixture.green && rig.world.runs.count == 2)
        rig.world.finishEffect(.failsAfter)
        #expect(!rig.steps(Self.words).contains { $0.hasPrefix("warm-up") })
        #expect(rig.phase == .reverted && rig.world.running == Fixture.id(1) && rig.world.violations == [])
        _ = rig.prepare(3)
        _ = rig.activate(3)
        #expect(rig.commit(3) == .committed(Fixture.id(3)))
        #expect(rig.world.violations == [])
    }

    @Test("A service that goes on through a reload keeps its traffic, and is not warmed up")
    func reload() {
        var spec = Fixture.spec()
        spec.strategy = .reload
        var rig = rig(spec)
        _ = rig.begin()
        #expect(!rig.steps(Self.words).contains { $0.hasPrefix("warm-up") })
        #expect(rig.phase == .awaitingCommit && rig.world.violations == [])
    }

    @Test("Whenever the agent or the host dies, nothing gets traffic cold")
    func interrupted() {
        for isReboot in [false, true] {
            for applying in [false, true] {
                for count in 0..<20 {
                    var rig = rig()
                    rig.world.blessed = [Fixture.id(1)]
                    _ = rig.begin()
                    for _ in 0..<count where rig.world.effect != nil { rig.world.finishEffect() }
                    rig.world.die(isReboot: isReboot, applying: applying)
                    rig.world.settle()
                    let words: Comment = "\(isReboot) \(applying) \(count)"
                    #expect(rig.world.admission == .ready && rig.world.running == rig.world.link, words)
                    #expect(rig.world.violations == [], words)
                }
            }
        }
    }
}
