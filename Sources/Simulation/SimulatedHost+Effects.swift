import Activation
import Model
import Rollout

extension SimulatedHost {
    /// Changes the world as `effect` does, and says what came of it.
    func apply(_ effect: Effect, at now: Int64, _ draw: inout SeededGenerator) -> EffectResult {
        oracle.performs(effect, self)
        defer { oracle.performed(effect, self) }
        if let failure = failure(of: effect) { return .failed(failure) }
        count(effect)
        switch effect {
        case .verify(let verification):
            oracle.verified(verification)
            return .verified(Verdict())
        case .reserve: break
        case .unpack(let release, _): disk.stage(world.tree(of: release))
        case .inspect(let release, _):
            let unit = disk.unitFile == nil ? Inspection.Unit.absent : .ours
            return .inspected(Inspection(spec: world.spec, unit: unit, startup: world.startup(of: release)))
        case .install(let release):
            guard disk.install(release) else { return .failed(Failure(.internalError, "nothing is staged")) }
        case .armDeadMan:
            timers += 1
            deadMan = timers
        case .runHook: break
        case .migrate:
            guard !draw.chance(failingMigrations) else {
                return .failed(Failure(.migrationFailed, "exit code 1", evidence: ["no"]))
            }
        case .askIdle(let question):
            guard let place = place(of: question.subject) else {
                // A run goes on when its timer has stopped.
                guard !isBusy(&draw) else { return .busy }
                oracle.idle.insert(nil)
                break
            }
            guard runs[place] == nil || !isBusy(&draw) else { return .busy }
            oracle.idle.insert(place)
        case .lookAtTraffic(let look):
            return .traffic(look.servers.map { balancer.state(of: $0, isUp: isFit($0.instance)) })
        case .directTraffic(let order): balancer.direct(order, &draw)
        case .stop(let units):
            for place in Array(runs.keys) where units.contains(unit(place).unit) {
                runs[place] = nil
                oracle.proven.remove(place)
            }
        case .restore: break
        case .switchTo(let change): disk.turn(change)
        case .handOver: return .failed(Failure(.internalError, "a service that is no agent was handed over"))
        case .start(let startup): return start(startup, &draw)
        case .reload(let order): return reload(order, &draw)
        case .check(let run):
            let checks = checks(of: run.release, at: now)
            if !run.checks.isEmpty {
                let hasPassed = runs[run.instance] != nil && checks.allSatisfy(\.hasPassed)
                if hasPassed { oracle.proven.insert(run.instance) } else { oracle.proven.remove(run.instance) }
            }
            return .checked(CheckRound(unit: unit(run.instance), checks: checks))
        }
        return .done
    }

    private func count(_ effect: Effect) {
        switch effect {
        case .unpack: steps.unpacked += 1
        case .switchTo: steps.switched += 1
        case .start, .reload: steps.started += 1
        case .verify, .reserve, .inspect, .install, .armDeadMan, .runHook, .migrate, .askIdle, .lookAtTraffic,
            .directTraffic,
            .stop,
            .restore, .handOver, .check:
            break
        }
    }

    /// What the host's fate makes of `effect`.
    private func failure(of effect: Effect) -> Failure? {
        switch effect {
        case .lookAtTraffic, .directTraffic:
            return balancer.isAway ? Failure(.trafficFailed, "HAProxy can't be reached") : nil
        case .verify, .reserve, .unpack, .inspect, .install, .armDeadMan, .runHook, .migrate, .askIdle, .stop, .restore,
            .switchTo,
            .handOver, .start, .reload, .check:
            break
        }
        guard case .failsToPrepare(let flaw) = fate else { return nil }
        switch (effect, flaw) {
        case (.verify, .provenance): return Failure(.provenanceRefused, "no builder is trusted here")
        case (.reserve, .disk): return Failure(.diskFull, "needs 2 GiB, has 1")
        case (.unpack, .archive): return Failure(.artifactRefused, "the archive is damaged")
        case (_, _): return nil
        }
    }

    /// The instance that is asked; nil for the job of a timer.
    private func place(of subject: IdleQuestion.Subject) -> InstanceName?? {
        switch subject {
        case .hook(let hook): .some(hook.instance)
        case .job: .none
        }
    }

    /// Whether it is at a job: some never come to an end of theirs.
    private func isBusy(_ draw: inout SeededGenerator) -> Bool { draw.chance(neverIdle ? 100 : jobs) }

    /// Whether the load balancer's own checks find the service well.
    private func isFit(_ place: InstanceName?) -> Bool { runs[place] != nil && !isIll }

    /// What systemd does with the unit file, and the instance's link, that are there.
    private func start(_ startup: Startup, _ draw: inout SeededGenerator) -> EffectResult {
        if startup.isTrial {
            let isBad = disk.unitFile == Scenario.target && fate == .failsChecks
            return isBad ? .failed(Failure(.unitStart, "exit code 1", evidence: ["boom"])) : .done
        }
        let place = world.spec.instances?.all.first { unit($0).unit == startup.unit }
        // What runs is left as it is.
        if let place, let release = runs[place], release == disk.instances[place] {
            oracle.starts(release, place, self)
            return .started(unit(place))
        }
        if fate == .getsStuck, disk.unitFile == Scenario.target { isBroken = true }
        guard !isBroken, let release = disk.release(in: place) else {
            return .failed(Failure(.unitStart, "exit code 1", evidence: ["boom"]))
        }
        oracle.starts(release, place, self)
        run(release, in: place)
        if draw.chance(70) { isIll = false }
        return .started(unit(place))
    }

    /// The process goes on with what the links name, or falls over.
    private func reload(_ order: Reload, _ draw: inout SeededGenerator) -> EffectResult {
        guard runs[nil] != nil, order.invocation == unit(nil).invocation, let release = disk.unitFile else {
            return .failed(Failure(.unitUnstable, "is another run of the unit"))
        }
        if fate == .getsStuck, release == Scenario.target {
            isBroken = true
            runs = [:]
            return .failed(Failure(.unitStart, "exit code 1", evidence: ["boom"]))
        }
        oracle.reloads(release, disk)
        runs[nil] = release
        oracle.proven = []
        if draw.chance(30) { isIll = false }
        return .started(unit(nil))
    }

    /// Boot: what is enabled starts.
    func startAtBoot() {
        oracle.proven = []
        guard !isBroken else { return }
        for place in disk.starting {
            guard let release = disk.release(in: place) else { continue }
            oracle.boots(release, disk)
            run(release, in: place)
            // What came up with traffic goes on with it.
            guard balancer.admission(of: place) != .drain else { continue }
            oracle.proven.insert(place)
            oracle.warm.insert(place)
        }
        oracle.booted(self)
    }

    private func run(_ release: ReleaseID, in place: InstanceName?) {
        runs[place] = release
        invocations += 1
        oracle.proven.remove(place)
        oracle.warm.remove(place)
    }

    /// The power goes, or the agent dies, while `effect` is performed: it has happened in part, whole, or not at all.
    func interrupt(_ effect: Effect, at now: Int64, _ draw: inout SeededGenerator) {
        switch effect {
        case .switchTo(let change): disk.turn(change, steps: draw.number(0...4))
        case .verify, .reserve, .unpack, .inspect, .install, .armDeadMan, .runHook, .migrate, .askIdle, .lookAtTraffic,
            .directTraffic,
            .stop, .restore, .handOver, .start, .reload, .check:
            guard draw.chance(50) else { return }
            _ = apply(effect, at: now, &draw)
        }
    }
}
