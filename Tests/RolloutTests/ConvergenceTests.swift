import Model
import Rollout
import Testing

/// Where hosts should be by what rollouts have decided, and how those get there that are not.
struct ConvergenceTests {
    private static let now = WallTime(milliseconds: 1_790_000_000_000)
    private static let names = ["web-1", "web-2", "web-3"].map { HostID(validated: $0) }
    private static let host = names[2]

    private static func release(_ number: Int) -> ReleaseID {
        ReleaseID(
            version: Version(validated: "1.\(number)"),
            digest: Digest(bytes: [UInt8](repeating: UInt8(number), count: 32))
        )
    }

    private static func id(_ number: Int) -> RolloutID {
        RolloutID(ledger: LedgerID(validated: "00000000-0000-0000-0000-000000000001"), number: number)
    }

    /// A rollout to `1.target` that ended as `outcome`; `third` is what became of web-3, the others were updated.
    private static func past(
        _ number: Int,
        to target: Int,
        _ outcome: Outcome,
        third: HostResult.Kind? = .updated,
        on release: Int? = nil,
        change: (inout PastRollout) -> Void = { _ in }
    ) throws -> PastRollout {
        var plan = try Fleet(3).plan
        plan.target = Self.release(target)
        plan.previous = target > 1 ? Self.release(target - 1) : nil
        let hosts = names.compactMap { name -> HostResult? in
            guard name == host else {
                return HostResult(host: name, result: .updated, release: Self.release(target))
            }
            guard let third else { return nil }
            let runs = release ?? (third == .updated ? target : target - 1)
            return HostResult(
                host: name,
                result: third,
                release: runs > 0 ? Self.release(runs) : nil,
                lostFor: third == .unknown || third == .unreachable ? .minutes(2) : nil
            )
        }
        let summary = RolloutSummary(
            outcome: outcome,
            headline: "",
            advice: nil,
            hosts: hosts,
            capacity: SummaryCapacity(total: 3, floor: 0, atStart: 3, lowest: 2),
            took: .minutes(5)
        )
        var past = PastRollout(id: id(number), plan: plan, summary: summary, endedAt: now + .hours(-1))
        change(&past)
        return past
    }

    private static func ordered(_ past: inout PastRollout, until: WallTime = now + .days(6), names: [HostID] = names) {
        past.plan.approvals = 1
        past.order = Order(
            plan: past.plan.target.digest,
            release: past.plan.target.digest,
            service: past.plan.service,
            environment: past.plan.environment,
            hosts: names,
            epoch: Epoch(1),
            rollout: past.id,
            requester: OperatorName(validated: "alice"),
            startBy: until + .days(-7),
            validUntil: until + .days(-6),
            catchUpUntil: until
        )
    }

    private static func report(
        _ current: Int?,
        previous: Int? = nil,
        isConfirmed: Bool = true,
        change: (inout ServiceReport) -> Void = { _ in }
    ) -> Convergence.Word {
        func installed(_ number: Int, _ isConfirmed: Bool) -> InstalledRelease {
            InstalledRelease(id: release(number), artifact: release(number).digest, isConfirmed: isConfirmed)
        }
        var report = ServiceReport(
            service: ServiceName(validated: "web"),
            environment: EnvironmentName(validated: "production"),
            current: current.map { installed($0, isConfirmed) },
            previous: previous.map { installed($0, true) },
            health: .healthy
        )
        change(&report)
        return .report(report)
    }

    private static func arrears(
        _ rollouts: [PastRollout],
        _ word: Convergence.Word,
        approvals: Int = 0,
        at time: WallTime = now
    ) -> Arrears? {
        Convergence(rollouts, approvals: approvals, at: time).arrears(of: host, word)
    }

    // MARK: The goal

    @Test("Hosts should run what the last rollout has left that was not taken back; after an abort people decide")
    func goal() throws {
        func goal(_ rollouts: [PastRollout]) -> ReleaseID? { Convergence(rollouts, approvals: 0, at: Self.now).goal }
        let first = try Self.past(1, to: 1, .succeeded)
        #expect(goal([]) == nil)
        #expect(goal([first]) == Self.release(1))
        #expect(goal([try Self.past(2, to: 2, .incomplete), first]) == Self.release(2))
        #expect(goal([try Self.past(2, to: 2, .rolledBack), first]) == Self.release(1))
        #expect(goal([try Self.past(2, to: 2, .refused), first]) == Self.release(1))
        #expect(goal([try Self.past(2, to: 2, .aborted), first]) == nil)
        #expect(goal([try Self.past(2, to: 2, .failed), first]) == nil)
        let restart = try Self.past(2, to: 1, .aborted) { $0.plan.kind = .restart }
        #expect(goal([restart, first]) == Self.release(1))
    }

    // MARK: Hosts that are not there

    @Test("Lost in the middle of a change, it is unknown: what it may run, since when, until when")
    func unknown() throws {
        let first = try Self.past(1, to: 1, .succeeded)
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown) { Self.ordered(&$0) }
        let found = try #require(Self.arrears([lost, first], .nothing, approvals: 1))
        #expect(found.state == .unknown)
        #expect(found.goal == Self.release(2) && found.rollout == Self.id(2))
        #expect(found.possibly == [Self.release(1), Self.release(2)])
        #expect(found.since == Self.now + .minutes(-62))
        #expect(found.until == Self.now + .days(6))
        #expect(!found.canBeBrought)
        let late = try #require(Self.arrears([lost, first], .nothing, approvals: 1, at: Self.now + .days(7)))
        #expect(late.state == .stale)
        // What took everything back leaves it unknown, too, with the release before as its goal.
        let back = try Self.past(2, to: 2, .rolledBack, third: .unknown) { Self.ordered(&$0) }
        let other = try #require(Self.arrears([back, first], .nothing, approvals: 1))
        #expect(other.state == .unknown && other.goal == Self.release(1))
        let aborted = try Self.past(2, to: 2, .aborted, third: .unknown)
        #expect(Self.arrears([aborted, first], .nothing)?.state == .unknown)
        #expect(Self.arrears([aborted, first], .nothing)?.goal == nil)
    }

    @Test("Away all the time, it has missed the rollout; where it was updated before it went, nothing is amiss")
    func missed() throws {
        let first = try Self.past(1, to: 1, .succeeded)
        let missed = try Self.past(2, to: 2, .incomplete, third: .unreachable)
        #expect(Self.arrears([missed, first], .nothing)?.state == .missed)
        #expect(Self.arrears([first], .nothing) == nil)
        #expect(Self.arrears([try Self.past(2, to: 2, .rolledBack, third: .unreachable), first], .nothing) == nil)
        #expect(Self.arrears([try Self.past(2, to: 2, .incomplete, third: nil)], .nothing)?.state == .missed)
        let named = [names(but: Self.host)]
        let unapproved = try Self.past(2, to: 2, .incomplete, third: nil) { Self.ordered(&$0, names: named[0]) }
        #expect(Self.arrears([unapproved], .nothing, approvals: 1)?.state == .stale)
    }

    private func names(but host: HostID) -> [HostID] { Self.names.filter { $0 != host } }

    // MARK: Hosts that are there

    @Test("Back on the release before, it is behind, and gets there by whatever leave there is")
    func behind() throws {
        let first = try Self.past(1, to: 1, .succeeded)
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown) { Self.ordered(&$0) }
        let free = try #require(Self.arrears([lost, first], Self.report(1)))
        #expect(free.state == .behind && free.remedy == .deploy && free.mayReturnByItself)
        let approved = try #require(Self.arrears([lost, first], Self.report(1), approvals: 1))
        #expect(approved.remedy == .order(Self.id(2)) && approved.canBeBrought)
        let late = try #require(Self.arrears([lost, first], Self.report(1), approvals: 1, at: Self.now + .days(7)))
        #expect(late.state == .stale && late.remedy == nil && !late.canBeBrought)
    }

    @Test("A rollout that caught up counts by the approvals of the one that it caught up with")
    func caughtUp() throws {
        let lost = try Self.past(2, to: 2, .incomplete, third: .unreachable) { Self.ordered(&$0) }
        let catchUp = try Self.past(3, to: 2, .incomplete, third: nil) {
            $0.plan.catchUp = StandingOrder(rollout: Self.id(2), order: Self.release(2).digest)
            $0.plan.returned = [Self.names[0]]
            $0.plan.skipped = [SkippedHost(id: Self.host, reason: "gives no answer")]
        }
        let found = try #require(Self.arrears([catchUp, lost], Self.report(1), approvals: 1))
        #expect(found.state == .behind && found.remedy == .order(Self.id(2)))
        #expect(Convergence([catchUp, lost], approvals: 1, at: Self.now).source == Self.id(2))
    }

    @Test("On a release that was taken back while it was away, it goes back to what is confirmed, without an order")
    func quarantined() throws {
        let first = try Self.past(1, to: 1, .succeeded) { Self.ordered(&$0, until: Self.now + .days(-1)) }
        let back = try Self.past(2, to: 2, .rolledBack, third: .unknown)
        let found = try #require(Self.arrears([back, first], Self.report(2, previous: 1), approvals: 1))
        #expect(found.state == .behind && found.goal == Self.release(1) && found.remedy == .wayBack)
        // Without that way back, people must say so.
        #expect(Self.arrears([back, first], Self.report(2), approvals: 1)?.state == .stale)
        #expect(Self.arrears([back, first], Self.report(2))?.remedy == .deploy)
        #expect(Self.arrears([back, first], Self.report(1)) == nil)
    }

    @Test("A new host is behind; an order that does not name it is no leave for it")
    func new() throws {
        let first = try Self.past(1, to: 1, .succeeded, third: nil)
        #expect(Self.arrears([first], .report(nil))?.remedy == .deploy)
        let approved = try Self.past(1, to: 1, .succeeded, third: nil) { Self.ordered(&$0, names: [Self.names[0]]) }
        let found = try #require(Self.arrears([approved], .report(nil), approvals: 1))
        #expect(found.state == .stale && found.remedy == nil && found.rollout == nil)
    }

    @Test("Back on the right release, it is read back once, so that the release gets confirmed")
    func unread() throws {
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown)
        let found = try #require(Self.arrears([lost], Self.report(2, isConfirmed: false)))
        #expect(found.state == .unread && found.canBeBrought)
        let read = try Self.past(3, to: 2, .incomplete, third: .alreadyThere, on: 2) { $0.plan.returned = [Self.host] }
        #expect(Self.arrears([read, lost], Self.report(2, isConfirmed: false)) == nil)
        #expect(Self.arrears([lost], Self.report(2)) == nil)
    }

    @Test("Who is held, was left out, or has seen the release fail waits for a person")
    func waits() throws {
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown)
        let held = try #require(Self.arrears([lost], Self.report(1) { $0.held = "agent rollback by root" }))
        #expect(held.state == .held && !held.canBeBrought)
        for kind in [HostResult.Kind.failed, .sick, .stuck] {
            let failed = try #require(Self.arrears([try Self.past(2, to: 2, .incomplete, third: kind)], Self.report(1)))
            #expect(failed.state == .failed && !failed.canBeBrought)
        }
        let skipped = try Self.past(2, to: 2, .incomplete, third: nil) {
            $0.plan.skipped = [SkippedHost(id: Self.host, reason: "is being repaired")]
        }
        #expect(Self.arrears([skipped], Self.report(1))?.state == .leftOut)
        #expect(Self.arrears([skipped], .nothing) == nil)
        // One that failed when it was brought back is not brought again: not after that one went back either.
        let trial = try Self.past(3, to: 2, .rolledBack, third: .failed) { $0.plan.returned = [Self.host] }
        #expect(Self.arrears([trial, lost], Self.report(1))?.state == .failed)
        let refused = try Self.past(4, to: 2, .refused, third: .unreachable) { $0.plan.returned = [Self.host] }
        #expect(Self.arrears([refused, trial, lost], Self.report(1))?.state == .failed)
    }

    @Test("A host in the middle of something, or in other hands, is left alone; a claim of our past is nobody's")
    func busy() throws {
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown)
        func claim(_ number: Int) -> Claim {
            Claim(
                service: ServiceName(validated: "web"),
                environment: EnvironmentName(validated: "production"),
                rollout: Self.id(number),
                epoch: Epoch(1),
                holder: "alice",
                since: Self.now
            )
        }
        let inFlight = OperationReport(
            origin: .local(user: "root"),
            purpose: .deploy,
            target: Self.release(2),
            predecessor: nil,
            phase: .checking,
            startedAt: Self.now
        )
        #expect(Self.arrears([lost], Self.report(1) { $0.operation = inFlight }) == nil)
        #expect(Self.arrears([lost], Self.report(1) { $0.claim = claim(9) }) == nil)
        #expect(Self.arrears([lost], Self.report(1) { $0.claim = claim(2) })?.state == .behind)
    }

    @Test("The coordinator tries a few times by itself, then a person must; a new goal counts anew")
    func attempts() throws {
        let lost = try Self.past(2, to: 2, .incomplete, third: .unknown)
        func tries(_ numbers: ClosedRange<Int>) throws -> [PastRollout] {
            try numbers.reversed().map { number in
                try Self.past(number, to: 2, .refused, third: .unreachable) { $0.plan.returned = [Self.host] }
            }
        }
        let twice = try #require(Self.arrears(try tries(3...4) + [lost], Self.report(1)))
        #expect(twice.attempts == 2 && twice.mayReturnByItself)
        let often = try #require(Self.arrears(try tries(3...5) + [lost], Self.report(1)))
        #expect(often.attempts == 3 && !often.mayReturnByItself && often.canBeBrought)
        let next = try Self.past(6, to: 3, .incomplete, third: .unknown)
        #expect(Self.arrears([next] + (try tries(3...5)) + [lost], Self.report(1))?.attempts == 0)
    }
}
