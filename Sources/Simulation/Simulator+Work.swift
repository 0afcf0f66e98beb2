import Activation
import Model

extension Simulator {
    /// Adds work behind what there is.
    mutating func add(_ host: Int, _ kind: HostWork.Kind) {
        hosts[host].queue.append(HostWork(kind: kind))
        if hosts[host].queue.count == 1 { begin(host) }
    }

    /// The newest work is superseded; it ends early if it has begun.
    mutating func cancelLast(_ host: Int) {
        guard let last = hosts[host].queue.indices.last else { return }
        hosts[host].queue[last].isCancelled = true
        if last == 0 { begin(host) }
    }

    private mutating func begin(_ host: Int) {
        guard let work = hosts[host].queue.first else { return }
        hosts[host].workNumber += 1
        let number = hosts[host].workNumber
        guard !freezes(host, work) else { return }
        let span = work.isCancelled ? Int64(draw.number(1...20)) : duration(of: work.kind, host)
        agenda.enter(.workEnds(host: host, run: hosts[host].run, number: number), at: now + span)
    }

    /// The switch to the target is where an agent hangs whose fate that is.
    private mutating func freezes(_ host: Int, _ work: HostWork) -> Bool {
        guard case .freezes(let watchdog) = hosts[host].fate, case .effect(.switchTo(let change), _) = work.kind,
            change.to == Scenario.target, !hosts[host].hasFrozen
        else { return false }
        note("h\(host) freezes")
        hosts[host].hasFrozen = true
        hosts[host].isFrozen = true
        if let watchdog { agenda.enter(.watchdog(host: host, run: hosts[host].run), at: now + watchdog) }
        return true
    }

    private mutating func duration(of kind: HostWork.Kind, _ host: Int) -> Int64 {
        let range: ClosedRange<Int>
        switch kind {
        case .disarmDeadMan, .discardStaging, .delete: range = 1...100
        case .effect(let effect, _):
            switch effect {
            case .verify, .inspect, .reserve: range = 1...200
            case .unpack, .restore: range = 50...8000
            case .install, .switchTo: range = 1...500
            case .armDeadMan: range = 1...50
            case .lookAtTraffic(let look): return look.after.milliseconds + Int64(draw.number(1...50))
            case .directTraffic: range = 1...50
            case .runHook: range = 10...3000
            case .migrate: range = 10...60_000
            case .askIdle(let question): return question.after.milliseconds + Int64(draw.number(10...300))
            case .stop, .handOver: range = 1...2000
            case .start, .reload:
                if hosts[host].fate == .hangs, hosts[host].disk.unitFile == Scenario.target { return 600_000 }
                range = scenario.tempo.startup
            case .check(let run): return run.after.milliseconds + Int64(draw.number(1...300))
            }
        }
        return Int64(draw.number(range))
    }

    mutating func workEnds(_ host: Int, _ run: Int, _ number: Int) {
        guard hosts[host].run == run, hosts[host].workNumber == number, hosts[host].isAwake else { return }
        let work = hosts[host].queue[0]
        switch work.kind {
        case .effect(let effect, let token):
            let result = end(effect, work, host)
            collect(host)
            feed(host, .finished(token, result))
        case .disarmDeadMan: hosts[host].deadMan = nil
        case .discardStaging(let release):
            hosts[host].disk.discardStaging()
            if hosts[host].machine.installedReleases.allSatisfy({ $0.id != release }) { delete(host, release) }
        case .delete(let release):
            delete(host, release)
            feed(host, .deleted(release))
        }
        guard hosts[host].run == run else { return }
        hosts[host].queue.removeFirst()
        begin(host)
        rest(host)
    }

    private mutating func end(_ effect: Effect, _ work: HostWork, _ host: Int) -> EffectResult {
        if work.isCancelled {
            hosts[host].interrupt(effect, at: now, &draw)
            return .failed(Failure(.cancelled, "was superseded"))
        }
        let armed = hosts[host].timers
        if scenario.balancerFaults > 0 {
            hosts[host].balancer.isAway = now < scenario.tempo.faultsEnd && draw.chance(scenario.balancerFaults)
        }
        let result = hosts[host].apply(effect, at: now, &draw)
        arm(host, effect, since: armed)
        guard isFaulty, draw.chance(1) else { return result }
        return .failed(Failure(.internalError, "nobody knows how far it came"))
    }

    mutating func arm(_ host: Int, _ effect: Effect, since armed: Int) {
        guard case .armDeadMan(let span, _) = effect, hosts[host].timers > armed else { return }
        let happening = Happening.deadMan(host: host, boot: hosts[host].boot, number: hosts[host].timers)
        agenda.enter(happening, at: now + span.milliseconds)
    }

    private mutating func delete(_ host: Int, _ release: ReleaseID) {
        guard hosts[host].disk.tree(release) != nil else { return }
        hosts[host].oracle.deletes(release, hosts[host])
        hosts[host].disk.delete(release)
        collect(host)
    }
}
