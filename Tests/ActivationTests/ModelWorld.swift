import Activation
import Foundation
import Model

/// A host without a kernel: executes what the machine asks for, and remembers every action that a host must not see.
struct ModelWorld {
    enum Fate: CaseIterable {
        case succeeds
        case failsBefore
        case failsAfter
        case hangs
    }

    var machine = ServiceMachine(
        host: Fixture.host,
        service: Fixture.service,
        environment: Fixture.environment,
        settings: ServiceSettings(keep: 3, claimLease: .minutes(30), localActivateWithin: .minutes(2))
    )
    /// What a crash leaves behind.
    private(set) var journal = Data()
    var storesEachEvent = true
    private(set) var violations: [String] = []
    private(set) var replies: [Requester: [HostReply]] = [:]
    /// What the machine has told of its changes.
    private(set) var announced: [OperationReport] = []

    var boot = 1
    var clock: Int64 = 1000
    var trees: [ReleaseID: ServiceSpec] = [:]
    var staging: ReleaseID?
    var verified: Set<ReleaseID> = []
    var link: ReleaseID?
    var previousLink: ReleaseID?
    /// Whose unit file is installed.
    var unitFile: ReleaseID?
    /// Which releases' processes run, by the instance of the unit; nil stands for a unit that is no template.
    var runs: [InstanceName?: ReleaseID] = [:]
    /// What instances are linked to.
    private(set) var instances: [InstanceName: ReleaseID] = [:]
    /// Counts runs of the unit.
    var invocation = 1
    /// What every release says of itself, and digests of what systemd reads to start it where those differ.
    var spec = Fixture.spec()
    var startups: [ReleaseID: Digest] = [:]
    /// A drain hook has run, and no undrain hook since.
    var isOutOfTraffic = false
    /// What a load balancer does with this host and its instances, where it is behind one.
    var admissions: [InstanceName?: TrafficState.Admission] = [:]
    /// Somebody has asked the load balancer, so there is one.
    var isBalanced = false
    /// At every moment there must be something that works and has traffic.
    var mustServe = false
    var sessions = 0
    /// Its own checks find the host well, where it runs at all.
    var isSeenUp = true
    /// What runs and has passed its checks since it was started.
    var proven: Set<InstanceName?> = []
    /// What has been warmed up since then.
    var warm: Set<InstanceName?> = []
    /// What somebody has begun to warm up, which may never end.
    var warming: Set<InstanceName?> = []
    var migrations = 0
    var failsToMigrate = false
    /// Whether what runs is at a job, and what has said that it is not.
    var isBusy = false
    /// Nothing may stop on the way forward that has not said that it is idle.
    var mustBeIdle = false
    var idle: Set<InstanceName?> = []
    /// Releases that can't start, or never pass their checks.
    var broken: Set<ReleaseID> = []
    var failingChecks: Set<ReleaseID> = []
    /// Releases whose committed word was given.
    var blessed: Set<ReleaseID> = []
    /// Releases that stay without it.
    var kept: Set<ReleaseID> = []
    /// Whether people have approved what is verified.
    var hasApprovals = true
    /// Releases whose trees somebody has changed.
    var damaged: Set<ReleaseID> = []
    /// Whose key stands for those that are missing.
    var breakGlass: BreakGlass?
    var effect: (effect: Effect, token: Token)?
    /// What a process that stands in for the agent has seen of its start.
    var failedStart: Failure?
    var deadMan: Int64?
    var wakes: [Int64] = []
    var started: [Origin: Int] = [:]
    /// What receipts say, in order.
    var acts: [HostAct] = []

    var now: Moment {
        Moment(
            boot: BootInstant(bootID: "boot-\(boot)", instant: Instant(milliseconds: clock)),
            wall: WallTime(milliseconds: Fixture.start + clock)
        )
    }

    mutating func refuse(_ what: String) { violations.append(what) }

    mutating func feed(_ event: ServiceMachine.Event) {
        let before = machine.report.operation
        let actions = machine.handle(event, at: now)
        note(before)
        store()
        perform(actions)
    }

    private mutating func note(_ before: OperationReport?) {
        guard let after = machine.report.operation, after.phase == .draining, before?.phase.isInFlight != true else {
            return
        }
        started[after.origin, default: 0] += 1
        if started[after.origin] != 1 { refuse("\(after.origin) was performed twice") }
    }

    /// Journals the machine, and goes on with what came out of the journal.
    mutating func store() {
        guard storesEachEvent else { return }
        reload(write())
    }

    func write() -> Data { (try? JSONEncoder().encode(machine)) ?? Data() }

    mutating func reload(_ data: Data) {
        journal = data
        guard let read = try? JSONDecoder().decode(ServiceMachine.self, from: data), read == machine else {
            return refuse("the state does not survive its journal")
        }
        machine = read
    }

    mutating func perform(_ actions: [ServiceMachine.Action]) {
        for action in actions {
            switch action {
            case .perform(let next, let token):
                effect = (next, token)
                if case .runHook(let hook) = next, hook.kind == .warmUp { warming.insert(hook.instance) }
            case .reply(let requester, let reply): heard(requester, reply)
            case .wake(let after): wakes.append(clock + max(0, after.milliseconds))
            case .disarmDeadMan: deadMan = nil
            case .discardStaging(let release):
                staging = nil
                if machine.installedReleases.allSatisfy({ $0.id != release }) { delete(release) }
            case .delete(let release):
                delete(release)
                feed(.deleted(release))
            case .announce(let operation): announced.append(operation)
            case .attest(let act):
                acts.append(act)
                if act.outcome == .kept { keep(act.release) }
            }
        }
    }

    /// Only what works may stay without a commit.
    private mutating func keep(_ release: ReleaseID) {
        kept.insert(release)
        if link != release || running != release { refuse("\(release) is said to be kept and does not run") }
        if failingChecks.contains(release) { refuse("\(release) is kept and is not well") }
    }

    private mutating func delete(_ release: ReleaseID) {
        let inUse = [link, previousLink, unitFile].compactMap(\.self) + runs.values + instances.values
        if inUse.contains(release) { refuse("\(release) was deleted while in use") }
        trees[release] = nil
    }

    /// What is said for the first time must be true at that moment.
    private mutating func heard(_ requester: Requester, _ reply: HostReply) {
        defer { replies[requester, default: []].append(reply) }
        guard replies[requester] == nil else { return }
        switch reply {
        case .awaitingCommit(let release):
            if link != release || running != release { refuse("\(release) is said to wait and does not run") }
            if deadMan == nil { refuse("\(release) waits for its commit without a timer") }
        case .committed(let release):
            if link != release { refuse("\(release) is said to be committed and is not linked") }
        case .reverted(let release, _):
            if link != release || running != release {
                refuse("said to be back on \(release as Any), runs \(running as Any)")
            }
        case .prepared(let release): if trees[release] == nil { refuse("\(release) is said to be prepared and is not") }
        case .claimState, .claimed, .released, .migrated, .stuck, .discarded, .confirmed, .refused: break
        }
    }

    /// Lets the effect under way end.
    mutating func finishEffect(_ fate: Fate = .succeeds) {
        guard let (work, token) = effect else { return }
        switch fate {
        case .hangs: return
        case .failsBefore: effect = nil
        case .succeeds, .failsAfter:
            effect = nil
            let result = apply(work)
            if fate == .succeeds { return feed(.finished(token, result)) }
        }
        feed(.finished(token, .failed(Failure(.internalError, "injected"))))
    }

    /// Changes the world and says what came of it.
    mutating func apply(_ work: Effect) -> EffectResult {
        defer { if mustServe, !isServed { refuse("nothing serves after \(work)") } }
        return change(by: work)
    }

    private mutating func change(by work: Effect) -> EffectResult {
        switch work {
        case .verify(let verification):
            switch (hasApprovals, verification.demand) {
            case (true, _):
                verified.insert(verification.id)
                return .verified(Verdict(breakGlass: breakGlass))
            case (false, .approvalsUnlessWayBack): return .verified(Verdict(permits: .wayBack))
            case (false, .provenanceAndApprovals):
                return .failed(Failure(.approvalRefused, "needs the approval of 2 people, and has that of nobody"))
            }
        case .reserve: break
        case .unpack(let release, _):
            if !verified.contains(release) { refuse("\(release) was unpacked before it was verified") }
            staging = release
        case .inspect(let release, _):
            let unit = unitFile == nil ? Inspection.Unit.absent : .ours
            return .inspected(
                Inspection(spec: spec, unit: unit, manifest: Fixture.digest(50), startup: startup(release))
            )
        case .install(let release):
            guard staging == release else { return .failed(Failure(.internalError, "nothing is staged")) }
            trees[release] = spec
            staging = nil
        case .armDeadMan(let span, let wayBack):
            if wayBack <= .zero { refuse("nobody has time for the way back") }
            deadMan = clock + span.milliseconds
        case .runHook(let hook):
            if trees[hook.release] == nil { refuse("a hook of \(hook.release) has no tree") }
            switch hook.kind {
            case .drain: isOutOfTraffic = true
            case .undrain: isOutOfTraffic = false
            case .idle: refuse("nobody looks at what the idle hook has said")
            case .warmUp:
                if runs[hook.instance] != hook.release { refuse("\(hook.release) is warmed up and does not run") }
                warm.insert(hook.instance)
            }
        case .migrate(let run):
            if trees[run.release] == nil || !verified.contains(run.release) {
                refuse("\(run.release) migrates and is not whole")
            }
            migrations += 1
            if failsToMigrate { return .failed(Failure(.migrationFailed, "exit code 1", evidence: ["no table"])) }
        case .askIdle(let question):
            clock += question.after.milliseconds
            switch question.subject {
            case .hook(let hook):
                if trees[hook.release] == nil { refuse("a hook of \(hook.release) has no tree") }
                if runs[hook.instance] == hook.release, isBusy { return .busy }
                idle.insert(hook.instance)
            case .job:
                if !runs.isEmpty {
                    refuse("a timer that may begin a run was not stopped before its job was waited for")
                }
                if isBusy { return .busy }
            }
        case .lookAtTraffic(let look):
            clock += look.after.milliseconds
            isBalanced = true
            return .traffic(look.servers.map(state))
        case .directTraffic(let order): direct(order)
        case .handOver:
            if deadMan == nil { refuse("the agent handed over without a timer") }
            return .failed(Failure(.internalError, "nobody took over"))
        case .stop(let units):
            if let job = spec.job, units.map(\.text) == [job.unit.name] {
                isBusy = false
                return .done
            }
            stop(units)
        case .restore(let restorations):
            if !runs.isEmpty { refuse("trees were replaced under a running release") }
            for one in restorations {
                if trees[one.release] == nil { refuse("\(one.release) is restored and has no tree") }
                damaged.remove(one.release)
            }
        case .switchTo(let change):
            if spec.job != nil, isBusy, change.to != link { refuse("links were switched under a job") }
            turn(change)
        case .start(let startup) where startup.isTrial:
            if !runs.isEmpty { refuse("a job is tried beside its timer") }
            return link.map(broken.contains) == true ? .failed(Failure(.unitStart, "exit code 1")) : .done
        case .start(let startup):
            for other in startup.others ?? [] {
                guard case .started = start(Self.instance(of: other)) else { break }
            }
            return start(Self.instance(of: startup.unit))
        case .reload(let order): return reload(order)
        case .check(let run): return .checked(check(run))
        }
        return .done
    }

    private mutating func turn(_ change: Switch) {
        if let to = change.to, trees[to] == nil || !verified.contains(to) {
            refuse("switched to \(to), which is not whole")
        }
        instances = Dictionary(change.instances.map { ($0.instance, $0.release) }) { first, _ in first }
        for (place, release) in runs {
            if let place {
                if instances[place] != release { refuse("the link of \(place) was turned while it ran") }
            } else if release != change.to, !mayReload(change.to) {
                refuse("links were switched under a running release")
            }
        }
        link = change.to
        previousLink = change.previous
        unitFile = change.to
    }

    private mutating func start(_ place: InstanceName?) -> EffectResult {
        guard let link = place.map({ instances[$0] }) ?? link, unitFile == self.link else {
            refuse("a unit was started whose link points elsewhere")
            return .failed(Failure(.unitStart, "no unit"))
        }
        // An instance that runs is left as it is.
        if place != nil, runs[place] == link { return .started(unit(place)) }
        guard !broken.contains(link) else { return .failed(Failure(.unitStart, "exit code 1", evidence: ["boom"])) }
        if let running = runs[place], running != link { refuse("\(running) still ran when \(link) was started") }
        if place != nil, isBalanced, !runs.isEmpty, admissions[place] ?? .ready == .ready {
            refuse("\(link) gets traffic before its checks")
        }
        run(link, in: place)
        return .started(unit(place))
    }

    mutating func run(_ release: ReleaseID, in place: InstanceName?) {
        runs[place] = release
        invocation += 1
        proven.remove(place)
        warm.remove(place)
        warming.remove(place)
    }

    func startup(_ release: ReleaseID?) -> Digest? {
        guard spec.strategy == .reload, let release else { return nil }
        return startups[release] ?? Fixture.digest(60)
    }

    /// Whether the process that runs can take `release` up.
    private func mayReload(_ release: ReleaseID?) -> Bool {
        startup(release) != nil && startup(release) == startup(runs[nil])
    }

    /// A broken release leaves the process as it is, as one does that finds its new configuration wrong.
    private mutating func reload(_ order: Reload) -> EffectResult {
        guard runs[nil] != nil, order.invocation == "\(invocation)", let link, unitFile == link else {
            return .failed(Failure(.unitUnstable, "is another run of the unit"))
        }
        if !mayReload(link) { refuse("\(link) was reloaded and needs a start") }
        guard !broken.contains(link) else { return .failed(Failure(.unitStart, "exit code 1", evidence: ["boom"])) }
        runs[nil] = link
        proven.remove(nil)
        return .started(unit(nil))
    }

    private func unit(_ place: InstanceName?) -> UnitState {
        Fixture.unitState(runs[place] == nil ? "failed" : "active", invocation: invocation)
    }

    private mutating func check(_ run: CheckRun) -> CheckRound {
        clock += run.after.milliseconds
        let failure = failingChecks.contains(run.release) ? "status 500, expected 200" : nil
        let places = run.units.map(Self.instance)
        let down = places.first { runs[$0] == nil }
        if !run.checks.isEmpty {
            if down == nil, failure == nil {
                proven.formUnion(places)
            } else {
                proven.subtract(places)
            }
        }
        let result = CheckResult(label: "tcp", failure: failure, took: .zero, at: now.wall)
        return CheckRound(unit: unit(down ?? places.first ?? nil), checks: run.checks.map { _ in result })
    }

    /// Lets time pass and fires what is due.
    mutating func pass(_ span: TimeSpan) {
        clock += span.milliseconds
        let due = wakes.filter { $0 <= clock }
        wakes.removeAll { $0 <= clock }
        if !due.isEmpty { feed(.woke) }
        guard let armed = deadMan, armed <= clock else { return }
        deadMan = nil
        feed(.deadManFired)
    }

    /// No more faults: runs until nothing is under way.
    mutating func settle() {
        for _ in 0..<2000 where effect != nil || machine.report.operation?.phase.isInFlight == true {
            if effect != nil { finishEffect() } else { pass(.seconds(30)) }
        }
        if effect != nil || machine.report.operation?.phase.isInFlight == true { refuse("no end was reached") }
    }
}
