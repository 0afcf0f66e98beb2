import Model
import Rollout
import Testing

/// What speaks against an artifact itself, and what only against hosts, people or the network.
struct EvidenceTests {
    @Test("Of all failures only those of the release itself speak against it", arguments: Failure.Code.allCases)
    func codes(code: Failure.Code) {
        let against: [Failure.Code] = [.unitStart, .unitUnstable, .checkFailed]
        #expect(code.speaksAgainstArtifact == against.contains(code))
    }

    @Test(
        "A canary that fails takes the release back; the artifact is blamed for what is its own alone",
        arguments: Failure.Code.allCases.filter { ![.claimMissing, .orderExpired, .commitMissing].contains($0) }
    )
    func canary(code: Failure.Code) throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.failNext(code)
        fleet.prepareAll()
        let summary = try #require(fleet.summary)
        #expect(summary.outcome == .rolledBack)
        #expect((summary.against != nil) == code.speaksAgainstArtifact)
        if let against = summary.against {
            #expect(against.map(\.host) == [fleet.plan.hosts[0].id])
            #expect(against.map(\.failure.code) == [code])
        }
    }

    @Test("Illness after the update is the release's own, illness of a host that had it before is not")
    func illness() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.report(0, health: .unhealthy(reason: "status 500"))
        finish(&fleet)
        #expect(fleet.summary?.against?.map(\.host) == [fleet.plan.hosts[0].id])

        var settled = try Fleet(3)
        settled.current[0] = settled.plan.target
        settled.muster()
        settled.prepareAll()
        settled.report(0, health: .unhealthy(reason: "status 500"))
        finish(&settled)
        #expect(settled.summary?.outcome == .rolledBack)
        #expect(settled.summary?.against == nil)
    }

    @Test("A host that was ill before proves nothing; one that was empty does")
    func illBefore() throws {
        var fleet = try Fleet(1)
        fleet.muster(ill: [0])
        fleet.prepareAll()
        fleet.failNext()
        finish(&fleet)
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.summary?.against == nil)

        var first = try Fleet(1, before: nil)
        first.muster()
        first.prepareAll()
        first.failNext()
        finish(&first)
        #expect(first.summary?.against?.count == 1)
    }

    @Test("A person's abort is no evidence, unless it answers failures that the rollout has paused on")
    func words() throws {
        var aborted = try Fleet(3)
        aborted.muster()
        aborted.prepareAll()
        aborted.updateNext()
        aborted.tell(.operatorSaid(.rollBack(reason: "I changed my mind")))
        finish(&aborted)
        #expect(aborted.summary?.outcome == .rolledBack)
        #expect(aborted.summary?.against == nil)

        func paused() throws -> Fleet {
            var fleet = try Fleet(3) { $0.onFailure = .pause }
            fleet.muster()
            fleet.prepareAll()
            fleet.failNext()
            return fleet
        }
        var taken = try paused()
        taken.tell(.operatorSaid(.rollBack(reason: nil)))
        finish(&taken)
        #expect(taken.summary?.outcome == .rolledBack)
        #expect(taken.summary?.against?.count == 1)
        var left = try paused()
        left.tell(.operatorSaid(.abort(reason: nil)))
        finish(&left)
        #expect(left.summary?.outcome == .aborted)
        #expect(left.summary?.against == nil)
    }

    @Test("A person's abort of hosts that failed within the budget is no evidence either")
    func budget() throws {
        var fleet = try Fleet(4) { $0.failureBudget = 1 }
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        fleet.failNext()
        fleet.tell(.operatorSaid(.rollBack(reason: nil)))
        finish(&fleet)
        #expect(fleet.summary?.outcome == .rolledBack)
        #expect(fleet.summary?.against == nil)
    }

    @Test("What is done for hosts that were away is never evidence: others have proved the release")
    func returned() throws {
        func plan(_ change: (inout Plan) -> Void) throws -> Plan {
            var plan = try Fleet(2).plan
            change(&plan)
            return plan
        }
        let order = StandingOrder(rollout: try Fleet(1).machine.id, order: try PlanFixture.release("1", "c").digest)
        for plan in [try plan { $0.returned = [$0.hosts[1].id] }, try plan { $0.catchUp = order }] {
            var fleet = try Fleet(plan, before: plan.previous)
            fleet.muster()
            fleet.prepareAll()
            fleet.failNext()
            finish(&fleet)
            #expect(fleet.summary?.outcome == .rolledBack)
            #expect(fleet.summary?.against == nil)
        }
    }

    /// Lets everything that was asked happen.
    private func finish(_ fleet: inout Fleet) {
        for _ in 0..<20 where fleet.summary == nil {
            fleet.prepareAll()
            if let host = fleet.started.first, fleet.current[host] != nil {
                fleet.updateNext()
            } else {
                fleet.revertNext()
            }
        }
    }
}
