import Activation
import Model
import Testing

struct BlueGreenTests {
    private func rig(hooks: Bool = false, behind policy: TrafficPolicy? = nil) -> Rig {
        var rig = Rig()
        rig.coordinator.traffic = policy
        rig.world.spec = Fixture.pairedSpec(hooks: hooks)
        rig.deploy(1)
        _ = rig.prepare(2)
        rig.world.mustServe = true
        return rig
    }

    /// What it does, and to which instance.
    private static func words(_ effect: Effect) -> String {
        func names(_ servers: [TrafficServer]) -> String {
            servers.map { $0.instance?.text ?? "host" }.joined(separator: "+")
        }
        return switch effect {
        case .runHook(let hook): "\(hook.kind.rawValue) \(hook.instance?.text ?? "host")"
        case .lookAtTraffic(let look): "look \(names(look.servers))"
        case .directTraffic(let order): "\(order.admission.rawValue) \(names(order.servers))"
        case .stop(let units): "stop \(units.map(\.text).joined(separator: "+"))"
        case .start(let startup): "start \(startup.unit)"
        case .check(let run): "check \(run.instance?.text ?? "host")"
        case .switchTo(let change):
            "link \(change.instances.map { "\($0.instance)=\($0.release.version)" }.joined(separator: "+"))"
        case .verify, .reserve, .unpack, .inspect, .install, .armDeadMan, .migrate, .askIdle, .restore, .handOver,
            .reload:
            Rig.name(effect)
        }
    }

    @Test("The first release runs in the first instance")
    func first() {
        let rig = rig()
        #expect(rig.world.runs == [Fixture.blue: Fixture.id(1)])
        #expect(rig.world.instances == [Fixture.blue: Fixture.id(1)])
        #expect(rig.world.machine.linkedDeployment?.unit?.text == "web@8081.service")
        #expect(rig.world.violations == [])
    }

    @Test(
        "The new instance starts and is checked while the old one serves; that stops then, and only the new one is left"
    )
    func order() {
        var rig = rig()
        _ = rig.begin()
        let way = [
            "armDeadMan", "link 8081=1.1+8082=1.2", "start web@8082.service", "check 8082", "stop web@8081.service",
            "link 8082=1.2", "armDeadMan",
        ]
        #expect(rig.steps(Self.words) == way)
        #expect(rig.phase == .awaitingCommit && rig.world.runs == [Fixture.green: Fixture.id(2)])
        #expect(rig.world.instances == [Fixture.green: Fixture.id(2)])
        #expect(rig.commit(2) == .committed(Fixture.id(2)))
        // And the one after that goes back to the first.
        _ = rig.prepare(3)
        _ = rig.begin(3)
        #expect(rig.steps(Self.words).contains("start web@8081.service"))
        #expect(rig.world.runs == [Fixture.blue: Fixture.id(3)])
        #expect(rig.world.violations == [])
    }

    @Test(
        "Behind load balancers the new instance is closed before it exists, and has the traffic before the old one leaves"
    )
    func traffic() {
        var rig = rig(hooks: true, behind: Fixture.pairedTraffic)
        _ = rig.begin()
        let way = [
            "armDeadMan", "look 8082+8081", "look 8082", "drain 8082", "look 8082", "link 8081=1.1+8082=1.2",
            "start web@8082.service", "check 8082", "undrain 8082", "look 8082+8081", "ready 8082", "look 8082+8081",
            "look 8081", "drain 8081", "look 8081", "drain 8081", "stop web@8081.service", "link 8082=1.2",
            "armDeadMan",
        ]
        #expect(rig.steps(Self.words) == way)
        #expect(rig.world.admissions == [Fixture.green: .ready, Fixture.blue: .drain])
        #expect(rig.phase == .awaitingCommit && !rig.world.machine.report.isDrained)
        _ = rig.commit(2)
        // The idle server is closed already.
        _ = rig.prepare(3)
        _ = rig.begin(3)
        #expect(!rig.steps(Self.words).prefix { $0 != "link 8082=1.2+8081=1.3" }.contains("drain 8081"))
        #expect(rig.world.admissions == [Fixture.green: .drain, Fixture.blue: .ready])
        #expect(!rig.world.machine.report.isDrained)
        #expect(rig.world.violations == [])
    }

    @Test("A release whose checks fail never has traffic, and the old instance neither leaves it nor is started again")
    func failed() {
        for policy in [Fixture.pairedTraffic, nil] {
            var rig = rig(hooks: true, behind: policy)
            rig.world.failingChecks = [Fixture.id(2)]
            let before = rig.world.invocation
            _ = rig.begin()
            let seen = rig.steps(Self.words)
            #expect(rig.phase == .reverted && rig.world.runs == [Fixture.blue: Fixture.id(1)])
            #expect(rig.world.invocation == before + 1, "\(seen)")
            #expect(
                !seen.contains { ["ready 8082", "drain 8081", "undrain 8082", "stop web@8081.service"].contains($0) }
            )
            #expect(rig.world.instances == [Fixture.blue: Fixture.id(1)])
            #expect(!rig.world.machine.report.isDrained)
            #expect(rig.world.violations == [])
        }
    }

    @Test(
        "The way back from one that waits for its commit is the same: the old one is well and has traffic, then it goes"
    )
    func wayBack() {
        var rig = rig(hooks: true, behind: Fixture.pairedTraffic)
        _ = rig.begin()
        _ = rig.steps(Self.words)
        let revert = rig.coordinator.command(.revert(release: Fixture.digest(2), reason: "the canary failed"))
        _ = rig.send(revert, settling: false)
        let way = [
            "armDeadMan", "link 8082=1.2+8081=1.1", "start web@8081.service", "check 8081", "undrain 8081", "look 8081",
            "ready 8081", "look 8081", "look 8082", "drain 8082", "look 8082", "drain 8082", "stop web@8082.service",
            "link 8081=1.1",
        ]
        #expect(rig.steps(Self.words) == way)
        #expect(rig.phase == .reverted && rig.world.runs == [Fixture.blue: Fixture.id(1)])
        #expect(!rig.world.machine.report.isDrained)
        #expect(rig.world.violations == [])
    }

    @Test("A rollback and a restart go by the other instance, too")
    func others() {
        var rig = rig(behind: Fixture.pairedTraffic)
        rig.deploy(2)
        #expect(rig.activate(1, .rollback) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.world.runs == [Fixture.blue: Fixture.id(1)])
        _ = rig.commit(1)
        #expect(rig.activate(1, .restart) == .awaitingCommit(Fixture.id(1)))
        #expect(rig.world.runs == [Fixture.green: Fixture.id(1)])
        _ = rig.commit(1)
        #expect(rig.world.machine.linkedDeployment?.instance == Fixture.green)
        #expect(rig.world.violations == [])
    }

    @Test("What is ill is cured in its place: stopped, switched and started, in the instance that load balancers know")
    func ill() {
        var rig = rig(behind: Fixture.pairedTraffic)
        rig.world.mustServe = false
        rig.world.failingChecks = [Fixture.id(1)]
        let check = CheckResult(label: "tcp", failure: "no", took: .zero, at: rig.world.now.wall)
        let look = Observation(unit: Fixture.unitState(), checks: [check], current: Fixture.id(1))
        rig.world.feed(.observed(look, after: rig.world.machine.lastStep))
        _ = rig.begin()
        let seen = rig.steps(Self.words)
        #expect(seen.contains("stop web@8081.service+web@8082.service") && seen.contains("link 8081=1.2"), "\(seen)")
        #expect(rig.phase == .awaitingCommit && rig.world.runs == [Fixture.blue: Fixture.id(2)])
        #expect(rig.world.admission == .ready && rig.world.violations == [])
    }

    @Test(
        "A load balancer that is away refuses a deployment untouched; a rollback then stays in the instance that it knows"
    )
    func away() {
        for purpose in [Purpose.deploy, .rollback] {
            var rig = rig(behind: Fixture.pairedTraffic)
            rig.world.mustServe = false
            if purpose == .rollback { rig.deploy(2) }
            let before = rig.world.runs
            _ = rig.begin(purpose == .deploy ? 2 : 1, purpose)
            for _ in 0..<2000 {
                guard let effect = rig.world.effect?.effect else { break }
                var isTold = false
                if case .lookAtTraffic = effect { isTold = true }
                rig.world.finishEffect(isTold ? .failsBefore : .succeeds)
                if isTold { rig.world.pass(.milliseconds(500)) }
            }
            switch purpose {
            case .deploy: #expect(rig.world.runs == before && rig.world.deadMan == nil)
            case .rollback, .restart:
                #expect(rig.phase == .awaitingCommit && rig.world.runs == [Fixture.green: Fixture.id(1)])
            }
            #expect(rig.world.violations == [])
        }
    }

    @Test(
        "Where a person has the serving instance out of traffic, the new one is not put in; maintenance of the idle one refuses"
    )
    func maintenance() {
        var rig = rig(behind: Fixture.pairedTraffic)
        rig.world.mustServe = false
        rig.world.admissions[Fixture.blue] = .maintenance
        _ = rig.begin()
        _ = rig.steps(Self.words)
        #expect(rig.phase == .awaitingCommit)
        #expect(rig.world.admissions == [Fixture.blue: .maintenance, Fixture.green: .drain])
        #expect(!rig.world.machine.report.isDrained && rig.world.violations == [])
        _ = rig.commit(2)
        // The person puts the one back that runs.
        rig.world.admissions[Fixture.green] = .ready
        _ = rig.prepare(3)
        let command = rig.begin(3)
        _ = rig.steps(Self.words)
        guard case .refused(let failure)? = rig.world.replies[.command(command.id)]?.last else {
            Issue.record("\(String(describing: rig.phase))")
            return
        }
        #expect(failure.message.contains("web-1-8081 at /run/haproxy.sock is in maintenance"))
        #expect(rig.world.runs == [Fixture.green: Fixture.id(2)] && rig.world.deadMan == nil)
    }

    @Test("A service whose servers have no instances, and the other way round, is refused with what to write")
    func servers() {
        var rig = rig()
        rig.coordinator.traffic = Fixture.traffic
        guard case .refused(let failure)? = rig.activate(2) else {
            Issue.record("\(String(describing: rig.phase))")
            return
        }
        #expect(failure.message.contains(#"write for example server: "{host}-{instance}""#))
        #expect(rig.world.runs == [Fixture.blue: Fixture.id(1)])
        var plain = Rig()
        plain.coordinator.traffic = Fixture.pairedTraffic
        _ = plain.claim()
        _ = plain.prepare(1)
        guard case .refused(let other)? = plain.activate(1) else {
            Issue.record("\(String(describing: plain.phase))")
            return
        }
        #expect(other.message.contains("leave {instance} out"))
    }

    @Test("A drain file hides the instance to come before it starts, and the old one before it stops")
    func drainFile() {
        var rig = Rig()
        rig.world.spec = Fixture.pairedSpec()
        rig.world.spec.hooks = Hooks(drainFile: DrainFile(path: "/run/web/{instance}", wait: .seconds(3)))
        rig.deploy(1)
        _ = rig.prepare(2)
        _ = rig.begin()
        var hooks: [HookRun] = []
        for _ in 0..<100 {
            guard let effect = rig.world.effect?.effect else { break }
            if case .runHook(let hook) = effect { hooks.append(hook) }
            rig.world.finishEffect()
        }
        #expect(hooks.map(\.instance) == [Fixture.green, Fixture.green, Fixture.blue])
        #expect(hooks.map(\.kind) == [.drain, .undrain, .drain])
        #expect(hooks.map { $0.command.suffix(2) }[0] == ["/run/web/8082", "0.000"])
        #expect(hooks.map { $0.command.suffix(2) }[2] == ["/run/web/8081", "3.000"])
        #expect(!rig.world.machine.report.isDrained && rig.world.violations == [])
    }

    @Test(
        "Whenever the agent dies, something serves at every moment; whenever the host does, only the old instance starts"
    )
    func interrupted() {
        for isReboot in [false, true] {
            for applying in [false, true] {
                for count in 0..<24 {
                    var rig = rig(hooks: count % 2 == 0, behind: Fixture.pairedTraffic)
                    rig.world.blessed = [Fixture.id(1)]
                    _ = rig.begin()
                    for _ in 0..<count where rig.world.effect != nil { rig.world.finishEffect() }
                    if isReboot {
                        rig.world.mustServe = false
                        rig.world.reboot(applying: applying, early: true)
                        #expect(rig.world.runs == [Fixture.blue: Fixture.id(1)], "\(applying) \(count)")
                    } else {
                        rig.world.crash(applying: applying)
                    }
                    rig.world.settle()
                    let words: Comment = "\(isReboot) \(applying) \(count)"
                    #expect(rig.world.admission == .ready, words)
                    #expect(!rig.world.machine.report.isDrained, words)
                    #expect(rig.world.runs.count == 1 && rig.world.running == rig.world.link, words)
                    #expect(rig.world.violations == [], words)
                }
            }
        }
    }

    @Test(
        "What a process that hangs, a hook that fails or a load balancer that goes away does is taken back, served all the time"
    )
    func failures() {
        for count in 0..<24 {
            for fate in [ModelWorld.Fate.failsBefore, .failsAfter] {
                var rig = rig(hooks: count % 2 == 0, behind: Fixture.pairedTraffic)
                rig.world.blessed = [Fixture.id(1)]
                _ = rig.begin()
                for _ in 0..<count where rig.world.effect != nil { rig.world.finishEffect() }
                rig.world.finishEffect(fate)
                rig.world.settle()
                let words: Comment = "\(fate) \(count)"
                #expect(rig.world.admission == .ready && rig.world.runs.count == 1, words)
                #expect(rig.world.running == rig.world.link && rig.world.violations == [], words)
            }
        }
    }

    @Test("A journal that was lost finds the instance by its link")
    func lostJournal() {
        var rig = rig()
        rig.deploy(2)
        let facts = rig.world.facts
        #expect(facts.instance == Fixture.green)
        var machine = ServiceMachine(host: Fixture.host, service: Fixture.service, environment: Fixture.environment)
        _ = machine.recover(facts, at: rig.world.now)
        #expect(machine.linkedDeployment?.unit?.text == "web@8082.service")
    }
}
