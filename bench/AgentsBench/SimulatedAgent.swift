import Activation
import Model
import Session

/// One host: the real machine of a service, and a world in which every effect ends well at once.
actor SimulatedAgent {
    nonisolated let feed = ReportFeed()
    private let host: HostID
    private let spec: ServiceSpec
    private var machine: ServiceMachine?
    private var artifacts: Set<Digest> = []
    /// What the `current` link names.
    private var linked: ReleaseID?
    private var waiters: [Requester: [CheckedContinuation<HostReply, Never>]] = [:]
    private let later: AsyncStream<Later>
    private let laterSource: AsyncStream<Later>.Continuation

    /// An event that is due after a while.
    private struct Later: Sendable {
        let after: TimeSpan
        let event: ServiceMachine.Event
    }

    /// As a real agent's default.
    private static let heartbeat = Duration.seconds(5)

    init(host: HostID, spec: ServiceSpec) {
        self.host = host
        self.spec = spec
        (later, laterSource) = AsyncStream.makeStream()
    }

    /// Feeds what is due, and looks at the service at each heartbeat, until the task is cancelled.
    func run() async {
        feed.publish(report)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.observe() }
            for await due in later {
                group.addTask {
                    guard (try? await Task.sleep(for: due.after.duration)) != nil else { return }  // cancelled
                    await self.take(due.event)
                }
            }
        }
    }

    private func observe() async {
        // Real agents were not all started in the same moment either.
        var pause = Duration.milliseconds(Int.random(in: 0..<5000))
        while (try? await Task.sleep(for: pause)) != nil {  // cancelled
            pause = Self.heartbeat
            guard let machine, machine.report.operation?.phase.isInFlight != true else { continue }
            let unit = linked == nil ? nil : unitState
            let observation = Observation(unit: unit, checks: linked == nil ? [] : checks, current: linked)
            take(.observed(observation, after: machine.lastStep))
        }
    }

    func has(_ digest: Digest) -> Bool { artifacts.contains(digest) }
    func store(_ digest: Digest) { artifacts.insert(digest) }

    var report: HostReport {
        HostReport(
            host: host,
            bootID: SimulatedClock.bootID,
            agentVersion: "bench",
            at: SimulatedClock.wall,
            freeDisk: .mebibytes(100_000),
            services: machine.map { [$0.report] } ?? []
        )
    }

    func perform(_ command: HostCommand, _ reading: Reading) async -> HostReply {
        if machine == nil {
            machine = ServiceMachine(host: host, service: command.service, environment: command.environment)
            let nothing = DiskFacts(stage: .running, current: nil, previous: nil, releases: [], unit: nil)
            perform(machine?.recover(nothing, at: SimulatedClock.now) ?? [])
        }
        return await withCheckedContinuation { continuation in
            waiters[.command(command.id), default: []].append(continuation)
            take(.command(command, reading))
        }
    }

    private func take(_ event: ServiceMachine.Event) {
        perform(machine?.handle(event, at: SimulatedClock.now) ?? [])
        feed.publish(report)
    }

    private func perform(_ actions: [ServiceMachine.Action]) {
        var next: [ServiceMachine.Event] = []
        for action in actions {
            switch action {
            case .perform(let effect, let token):
                let event = ServiceMachine.Event.finished(token, result(of: effect))
                if case .check(let run) = effect, run.after > .zero {
                    laterSource.yield(Later(after: run.after, event: event))
                } else {
                    next.append(event)
                }
            case .reply(let requester, let reply):
                for waiter in waiters.removeValue(forKey: requester) ?? [] { waiter.resume(returning: reply) }
            case .wake(let span): laterSource.yield(Later(after: span, event: .woke))
            case .delete(let release): next.append(.deleted(release))
            case .disarmDeadMan, .discardStaging, .announce, .attest: break
            }
        }
        for event in next { take(event) }
    }

    private func result(of effect: Effect) -> EffectResult {
        switch effect {
        case .verify: return .verified(Verdict())
        case .reserve, .unpack, .install, .armDeadMan, .runHook, .migrate, .askIdle, .stop, .restore, .handOver,
            .directTraffic:
            return .done
        case .lookAtTraffic: return .traffic([])
        case .inspect: return .inspected(Inspection(spec: spec, unit: linked == nil ? .absent : .ours))
        case .switchTo(let change):
            linked = change.to
            return .done
        case .start, .reload: return .started(unitState)
        case .check: return .checked(CheckRound(unit: unitState, checks: checks))
        }
    }

    private var unitState: UnitState {
        UnitState(
            unit: spec.unit.unitName ?? UnitName(validated: "none.service"),
            active: "active",
            sub: "running",
            result: "success",
            restarts: 0
        )
    }

    private var checks: [CheckResult] {
        spec.checks.map {
            CheckResult(label: $0.label, failure: nil, took: .milliseconds(1), at: SimulatedClock.wall)
        }
    }
}
