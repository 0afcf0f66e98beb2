import Model
import Rollout
import Testing

/// What a rollout loses on its way: hosts, claims, orders, and the answer that would have made it a success.
struct LossTests {
    private func isActivate(_ ask: HostAsk) -> Bool { if case .activate = ask { true } else { false } }
    private func isConfirm(_ ask: HostAsk) -> Bool { if case .confirm = ask { true } else { false } }

    @Test("A host that was reached and is lost before the start gets its time to come back")
    func lostWhileMustering() throws {
        var fleet = try Fleet(2, floor: 1)
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        fleet.tell(.connected(host: 0))
        fleet.tell(.lost(host: 0))
        fleet.tell(.connected(host: 1))
        fleet.report(1)
        #expect(fleet.machine.view.phase == .mustering && fleet.machine.view.pause == nil)
        var gone = fleet
        gone.wait(.seconds(15), .reach(host: 0))
        #expect(gone.machine.view.pause?.message.contains("web-1 can't be reached") == true)
        fleet.tell(.connected(host: 0))
        fleet.report(0)
        #expect(fleet.machine.view.phase == .inspecting && fleet.machine.view.pause == nil)
    }

    @Test("A host that comes back while it is inspected, and answers before it reports, is claimed like the others")
    func backWhileInspected() throws {
        var fleet = try Fleet(1, floor: 0)
        fleet.muster()
        let asked = fleet.next()
        let (host, id, ask) = try #require(asked)
        #expect(ask == .inspectClaim)
        fleet.tell(.lost(host: host))
        fleet.tell(.connected(host: host))
        fleet.answer(host, id, ask)
        #expect(fleet.machine.view.phase == .claiming && fleet.summary == nil)
        fleet.report(host)
        fleet.prepareAll()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("An updated host that is lost in a later stage is a failure, not a success")
    func lostAfterUpdate() throws {
        var fleet = try Fleet(3, floor: 1)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.lost(host: 0))
        fleet.wait(.seconds(15), .reach(host: 0))
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("An agent that is being replaced may be away as long as its activation; one that is not, is lost")
    func replacedAgent() throws {
        var fleet = try Fleet(3, floor: 1) { $0.service = .agent }
        fleet.muster()
        fleet.prepareAll()
        let found = fleet.next(where: isActivate)
        let host = try #require(found).0
        let waits = fleet.tell(.lost(host: host))
        #expect(waits.contains(.startTimer(.reach(host: host), fleet.plan.limits.activateTimeout)))
        var updated = try Fleet(3, floor: 1) { $0.service = .agent }
        updated.muster()
        updated.prepareAll()
        updated.updateNext()
        let missed = updated.tell(.lost(host: host))
        #expect(missed.contains(.startTimer(.reach(host: host), fleet.plan.limits.silence)))
    }

    @Test("A lost host that comes back well is forgiven, and only then does every host count")
    func forgiven() throws {
        let stages = [StagePolicy(selection: .rest)]
        var fleet = try Fleet(3, floor: 1, stages: stages) { $0.failureBudget = 1 }
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.tell(.lost(host: 0))
        var gone = fleet
        gone.wait(.seconds(15), .reach(host: 0))
        var back = gone
        back.tell(.connected(host: 0))
        back.report(0)
        for _ in 0..<2 { back.updateNext() }
        back.prepareAll()
        #expect(back.summary?.outcome == .succeeded)
        for _ in 0..<2 { gone.updateNext() }
        gone.prepareAll()
        #expect(gone.summary?.outcome == .incomplete)
        #expect(gone.results() == [.unreachable, .updated, .updated])
    }

    @Test("A host that had the release before and falls ill on it is evidence too")
    func illSettled() throws {
        var fleet = try Fleet(3, floor: 1)
        fleet.current[2] = fleet.plan.target
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.report(2, health: .unhealthy(reason: "status 503"))
        #expect(fleet.machine.view.phase == .rollingBack)
    }

    @Test("A host that joins while the last stage bakes, and then falls ill, counts like any other")
    func lateJoiner() throws {
        var fleet = try Fleet(3, floor: 0, stages: [StagePolicy(selection: .rest, bake: .minutes(5))]) {
            $0.failureBudget = 1
        }
        fleet.current[2] = fleet.plan.target
        fleet.muster(absent: [2])
        fleet.prepareAll()
        for _ in 0..<2 { fleet.updateNext() }
        #expect(fleet.machine.view.phase == .baking(stage: 0))
        fleet.tell(.connected(host: 2))
        fleet.report(2)
        fleet.prepareAll()
        #expect(fleet.machine.view.hosts[2].doing == "has 1.4.2")
        fleet.report(2, health: .unhealthy(reason: "status 500"))
        #expect(fleet.machine.view.failures == 1)
        #expect(fleet.machine.view.phase == .baking(stage: 0))
    }

    @Test("A host that refuses to confirm, or says nothing, leaves the rollout incomplete", arguments: [true, false])
    func unconfirmed(answers: Bool) throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        if answers {
            #expect(fleet.refuseNext(.orderRefused, where: isConfirm) == 0)
        } else {
            _ = fleet.next(where: isConfirm)
            fleet.wait(.seconds(30), .answer(host: 0))
        }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .incomplete)
    }

    @Test("A restart confirms nothing")
    func restart() throws {
        var fleet = try Fleet(2, kind: .restart, before: nil)
        for host in 0...1 { fleet.current[host] = fleet.plan.target }
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.updateNext()
        #expect(!fleet.sent.contains { if case .send(_, _, .confirm) = $0 { true } else { false } })
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("With a host left out by plan, nothing to do is not the whole environment")
    func nothingToDoButSkipped() throws {
        let skip = SkippedHost(id: try HostID(parsing: "web-3"), reason: "disk is being replaced")
        var fleet = try Fleet(3, skips: [skip])
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        for host in 0..<2 {
            fleet.tell(.connected(host: host))
            let facts = ServiceFacts(current: fleet.plan.target, isConfirmed: true, health: .healthy)
            fleet.tell(.reported(host: host, facts))
        }
        #expect(fleet.summary?.outcome == .incomplete)
    }

    @Test(
        "A host without our claim, or with an order that has expired, gets both anew and is no failure",
        arguments: [Failure.Code.claimMissing, .orderExpired]
    )
    func startsOver(code: Failure.Code) throws {
        var fleet = try Fleet(2)
        fleet.muster()
        fleet.prepareAll()
        #expect(fleet.refuseNext(code, where: isActivate) == 0)
        fleet.prepareAll()
        #expect(fleet.started == [0])
        fleet.updateNext()
        fleet.updateNext()
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .succeeded)
    }

    @Test("A host that never takes the order is a failure after three attempts")
    func startsOverInVain() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        for _ in 0..<4 {
            fleet.prepareAll()
            fleet.refuseNext(.orderExpired, where: isActivate)
        }
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .rolledBack)
    }
}
