import Model
import Rollout
import Testing

/// Hosts that wait for a busy service to be idle.
struct IdleTests {
    private func isActivate(_ ask: HostAsk) -> Bool { if case .activate = ask { true } else { false } }

    private func limits(_ idle: IdleHook?) throws -> Limits {
        var request = try PlanFixture.request(PlanFixture.environment(PlanFixture.hosts(2)))
        request.spec = ServiceSpec(service: request.environment.service, unit: .absent, hooks: Hooks(idle: idle))
        return try Planner.plan(request).limits
    }

    @Test("A plan leaves a busy service its time: the host, its answer, and the rollout's progress")
    func limits() throws {
        let limits = try limits(IdleHook(command: ["bin/idle"], within: .hours(2)))
        #expect(try self.limits(nil).activateTimeout == .minutes(5))
        #expect(limits.activateTimeout > .hours(2) && limits.progressDeadline > limits.activateTimeout)
    }

    @Test("It is news once that a host waits for its service to be idle, and the view says so until it does not")
    func news() throws {
        var fleet = try Fleet(3, floor: 1, stages: [StagePolicy(selection: .rest)])
        fleet.muster()
        fleet.prepareAll()
        guard let (host, id, _) = fleet.next(where: isActivate) else {
            Issue.record("nobody was told to switch")
            return
        }
        func report(_ awaitsIdle: Bool?, of number: Int64) -> [Announcement] {
            let request = RequestID(rollout: id.rollout, epoch: id.epoch, sequence: number)
            let operation = OperationReport(
                origin: .rollout(request),
                purpose: .deploy,
                target: fleet.plan.target,
                predecessor: fleet.plan.previous,
                phase: .draining,
                startedAt: WallTime(milliseconds: 0),
                awaitsIdle: awaitsIdle
            )
            let facts = ServiceFacts(current: fleet.plan.previous, health: .healthy, operation: operation)
            return fleet.tell(.reported(host: host, facts)).compactMap {
                if case .announce(let news) = $0 { news } else { nil }
            }
        }
        #expect(report(true, of: id.sequence - 1) == [], "it speaks of an earlier order")
        #expect(report(nil, of: id.sequence) == [])
        #expect(report(true, of: id.sequence) == [.hostBusy(host: host)])
        #expect(report(true, of: id.sequence) == [])
        #expect(fleet.machine.view.hosts[host].doing == "waits for it to be idle")
        #expect(report(nil, of: id.sequence) == [])
        #expect(fleet.machine.view.hosts[host].doing == "draining")
    }

    @Test("What stayed busy speaks against no artifact")
    func evidence() { #expect(!Failure.Code.serviceBusy.speaksAgainstArtifact) }
}
