import Model
import Rollout
import Testing

/// What comes before the first switch: mustering, claims, preparation.
struct StartTests {
    @Test("However often hosts report meanwhile, each is asked once who holds it, and once for its claim")
    func asksOnce() throws {
        var fleet = try Fleet(3)
        fleet.muster()
        var asked: [HostAsk] = []
        while fleet.started.isEmpty, let (host, id, ask) = fleet.next() {
            asked.append(ask)
            fleet.answer(host, id, ask)
            for host in 0..<3 { fleet.report(host) }
        }
        #expect(asked.count == 9)
    }

    @Test("A second rollout is refused with who holds the hosts, and gives back what it took")
    func heldByAnother() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        let other = RolloutID(ledger: try LedgerID(parsing: "00000000-0000-0000-0000-000000000009"), number: 12)
        let claim = Claim(
            service: fleet.plan.service,
            environment: fleet.plan.environment,
            rollout: other,
            epoch: Epoch(3),
            holder: "bob@desk",
            since: WallTime(milliseconds: 0)
        )
        for (host, held) in [(0, claim), (1, nil)] as [(Int, Claim?)] {
            let found = fleet.next()
            let (_, id, _) = try #require(found)
            fleet.tell(.replied(host: host, sequence: id.sequence, .claimState(highest: Epoch(3), claim: held)))
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-1 is held by R12 of bob@desk since 1970-01-01") == true)
    }

    @Test("Nothing to do is success, and nobody is asked anything")
    func nothingToDo() throws {
        var fleet = try Fleet(2)
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        for host in 0..<2 {
            fleet.tell(.connected(host: host))
            fleet.tell(
                .reported(host: host, ServiceFacts(current: fleet.plan.target, isConfirmed: true, health: .healthy))
            )
        }
        #expect(fleet.sent.isEmpty)
        #expect(fleet.summary?.outcome == .succeeded)
        #expect(fleet.summary?.headline.hasPrefix("nothing to do") == true)
    }

    @Test("A host held by a person is refused by name")
    func held() throws {
        var fleet = try Fleet(2)
        fleet.tell(.started(holder: "a", at: WallTime(milliseconds: 0)))
        for host in 0..<2 {
            fleet.tell(.connected(host: host))
            let facts = ServiceFacts(
                current: fleet.plan.previous,
                health: .healthy,
                held: host == 1 ? "local apply" : nil
            )
            fleet.tell(.reported(host: host, facts))
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-2 held by a person") == true)
    }

    @Test("Every host that can't prepare is named before anything is switched")
    func unprepared() throws {
        var fleet = try Fleet(2)
        fleet.muster()
        while let (host, id, ask) = fleet.next() {
            switch ask {
            case .inspectClaim:
                fleet.tell(.replied(host: host, sequence: id.sequence, .claimState(highest: .none, claim: nil)))
            case .claim: fleet.tell(.replied(host: host, sequence: id.sequence, .claimed(highest: Epoch(1))))
            case .releaseClaim: fleet.tell(.replied(host: host, sequence: id.sequence, .released))
            case .prepare:
                let failure = Failure(.diskFull, "needs 2 GiB, has 1 GiB")
                fleet.tell(.replied(host: host, sequence: id.sequence, .refused(failure)))
            case .migrate, .activate, .commit, .revert, .remove, .confirm: Issue.record("\(ask)")
            }
        }
        #expect(fleet.summary?.outcome == .refused)
        #expect(fleet.summary?.headline.contains("web-1, web-2 could not prepare: needs 2 GiB") == true)
    }

    @Test(
        "A host that is no longer ours ends the rollout, and only the claims are given back",
        arguments: [Failure.Code.epochStale, .claimRefused]
    )
    func fenced(_ code: Failure.Code) throws {
        var fleet = try Fleet(3)
        fleet.muster()
        fleet.prepareAll()
        fleet.updateNext()
        let (host, id, _) = try #require(fleet.next { if case .activate = $0 { true } else { false } })
        fleet.sent = []
        fleet.tell(.replied(host: host, sequence: id.sequence, .refused(Failure(code, "held by bob@desk"))))
        let released = fleet.sent.compactMap { if case .send(let host, _, .releaseClaim) = $0 { host } else { nil } }
        #expect(released == [0, 1, 2])
        #expect(fleet.sent.count == 3)
        fleet.prepareAll()
        #expect(fleet.summary?.outcome == .failed)
        #expect(fleet.summary?.headline.contains("bob@desk") == true)
    }

    @Test("A host that is connected late and says nothing does not hold the start up for ever")
    func silentMuster() throws {
        var fleet = try Fleet(2, floor: 0)
        fleet.muster(absent: [1])
        fleet.tell(.connected(host: 1))
        fleet.tell(.operatorSaid(.resume(floor: nil, reason: nil)))
        #expect(fleet.sent.isEmpty)
        fleet.wait(fleet.plan.limits.silence, .muster)
        let asks = fleet.sent.compactMap { if case .send(let host, _, .inspectClaim) = $0 { host } else { nil } }
        #expect(asks == [0])
    }
}
