import Model

extension ServiceMachine {
    /// The change whose release stays without its commit.
    var kept: Change? {
        guard case .changing(let change) = state, change.step == .kept else { return nil }
        return change
    }

    /// No commit came, and the release shall stay then: if it is healthy, which is asked now.
    mutating func decide(_ change: Change, at now: Moment) -> [Action] {
        var next = change
        next.deadline = now.boot + change.activateWithin
        return [.wake(after: change.activateWithin)] + enter(.guarding, next, at: now)
    }

    /// It has proved itself for long enough; now a round must pass, and systemd must not have had to restart it.
    mutating func judge(_ change: Change, at now: Moment) -> [Action] {
        var next = change
        next.watch = Watch(startedAt: now.boot.instant, healthyFor: .zero, restarts: change.watch?.restarts)
        state = .changing(next)
        return perform(.check(change.target.checkRun(after: .zero)))
    }

    /// The release stays, for everybody to see that nobody has committed it; its claim does not lapse.
    mutating func keep(_ change: Change, at now: Moment) -> [Action] {
        awaited = nil
        var next = change
        next.keptSince = now.wall
        state = .changing(next)
        return [.attest(act(next, .kept, because: next.kept, at: now)), .disarmDeadMan]
    }

    // MARK: Whose word ends it, besides its own rollout's

    /// Its rollout has ended without a word, as the next one of the same ledger shows: the release goes back, and that
    /// one is answered then.
    mutating func inherit(_ change: Change, _ heir: Heir, at now: Moment) -> [Action] {
        self.heir = heir
        log.begin(heir.request, .claim)
        let ended = holding.map { "\($0.claim.rollout.label) has ended and" } ?? "nobody"
        let failure = Failure(.commitMissing, "\(ended) never committed \(change.target.id)")
        return revert(change, because: failure, at: now)
    }

    /// Gives the service to whoever has waited for the way back.
    mutating func giveToHeir(at now: Moment) -> [Action] {
        guard let heir else { return [] }
        self.heir = nil
        return claim(heir.claim, heir.reading, heir.request, at: now)
    }

    /// A person takes a release back that stays without its commit, from the rollout that has left it.
    mutating func takeBack(_ change: Change, because note: String, _ requester: Requester, at now: Moment) -> [Action] {
        var next = change
        next.waiters.append(requester)
        next.reason = note
        next.brokenClaim = holding?.claim.rollout
        let freed = dropClaim(because: "\(requester.origin): \(note)")
        held = "\(requester.origin) at \(now.wall): \(note)"
        return freed + revert(next, because: Failure(.cancelled, note), at: now)
    }
}
