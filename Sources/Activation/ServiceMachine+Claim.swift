import Model

extension ServiceMachine {
    /// Grants the claim, unless somebody else holds the service or it is older than one that was granted before.
    ///
    /// Whoever can't prove the history of the ledger may only take a release back, and only to where anybody may.
    mutating func claim(_ claim: Claim, _ reading: Reading, _ id: RequestID, at now: Moment) -> [Action] {
        let restriction: Failure?
        switch reading {
        case .continued: restriction = nil
        case .broken(let failure, purpose: .rollback): restriction = failure
        case .broken(let failure, purpose: .deploy), .broken(let failure, purpose: .restart):
            return [.reply(.command(id), .refused(failure))]
        case .nothing, .order, .unreadable:
            let failure = Failure(.ledgerRefused, "the claim came without the history of its ledger")
            return [.reply(.command(id), .refused(failure))]
        }
        guard claim.service == service, claim.environment == environment, claim.rollout == id.rollout,
            claim.epoch == id.epoch
        else {
            return [.reply(.command(id), .refused(Failure(.claimRefused, "the claim speaks of something else: \(id)")))]
        }
        if let holding, holding.claim.rollout != claim.rollout {
            // The holder was silent for too long, or this host was away when it ended and gave the claims back.
            if claim.succeeds(holding.claim), let kept, fence.admits(claim) {
                return inherit(kept, Heir(claim: claim, reading: reading, request: id), at: now)
            }
            let isFree = holding.hasLapsed || claim.succeeds(holding.claim)
            guard isFree, !isInFlight, fence.admits(claim) else {
                return [.reply(.command(id), .refused(Self.heldBy(holding.claim)))]
            }
            if restriction == nil, claim.succeeds(holding.claim) { reopenOrder(of: holding.claim) }
            return dropClaim(because: "\(holding.claim.rollout.label) is over")
                + self.claim(claim, reading, id, at: now)
        }
        guard fence.admits(claim) else { return [.reply(.command(id), .refused(stale(id)))] }
        if isInFlight, holding == nil {
            return [.reply(.command(id), .refused(busy))]
        }
        if fence.rollout != claim.rollout || fence.epoch != claim.epoch {
            log.reset()
            permit = nil
        } else if id.sequence < log.lastSequence {
            return [.reply(.command(id), .refused(overtaken(id)))]
        }
        fence = Fence(epoch: claim.epoch, rollout: claim.rollout)
        var granted = holding ?? Holding(claim: claim, expiry: now.boot, named: [])
        granted.claim = claim
        granted.restriction = restriction
        granted.renew(until: now.boot + settings.claimLease)
        holding = granted
        log.begin(id, .claim)
        return [.wake(after: settings.claimLease)] + answer(.command(id), .claimed(highest: fence.epoch))
    }

    /// Ends the claim at its holder's word.
    mutating func releaseClaim(_ requester: Requester) -> [Action] {
        guard !isInFlight else { return answer(requester, .refused(busy)) }
        return dropClaim(because: "the rollout has released its claim") + answer(requester, .released)
    }

    /// Lets others take the claim once its time is over; never while a release is uncommitted.
    ///
    /// Until somebody does, its holder may come back and go on: a rollout that stood paused overnight loses nothing.
    mutating func lapseClaim(at now: Moment) {
        guard let holding, !isInFlight, holding.expiry.instant <= now.boot.instant else { return }
        self.holding?.hasLapsed = true
    }

    /// Ends the claim, and what was being prepared under it; a person's own release is prepared on.
    ///
    /// What `wanted` names stays on the disk: it is what the claim is dropped for.
    mutating func dropClaim(because reason: String, for wanted: Digest? = nil) -> [Action] {
        var abandoned: [Action] = []
        if case .preparing(let preparation) = state, case .command = preparation.requester {
            abandoned = abandonPreparation(because: reason)
        }
        if case .migrating(let migrating) = state { abandoned = interrupt(migrating, because: reason) }
        holding = nil
        permit = nil
        if case .prepared = state { state = .idle }
        return abandoned + retention(for: wanted)
    }

    /// The holder lives, so its claim counts anew.
    ///
    /// Heartbeats are frequent and each change is stored, so nothing changes before a quarter of the lease is used.
    mutating func holderHeard(_ rollout: RolloutID, at now: Moment) -> [Action] {
        guard let holding, holding.claim.rollout == rollout else { return [] }
        let used = settings.claimLease - (holding.expiry.instant - now.boot.instant)
        guard used * 4 >= settings.claimLease else { return [] }
        return renewClaim(at: now)
    }

    /// Counts the lease of the claim from now.
    mutating func renewClaim(at now: Moment) -> [Action] {
        guard holding != nil else { return [] }
        holding?.renew(until: now.boot + settings.claimLease)
        return [.wake(after: settings.claimLease)]
    }

    static func heldBy(_ claim: Claim) -> Failure {
        let message = "held by \(claim.rollout.label) of \(claim.holder) since \(claim.since), epoch \(claim.epoch)"
        return Failure(.claimRefused, message, evidence: ["rollout \(claim.rollout)"])
    }

    func stale(_ id: RequestID) -> Failure {
        Failure(.epochStale, "epoch \(id.epoch) of \(id.rollout) is older than \(fence.epoch), the highest seen here")
    }

    func overtaken(_ id: RequestID) -> Failure {
        Failure(.epochStale, "request \(id.sequence) was overtaken by request \(log.lastSequence) of the same rollout")
    }
}

extension BootInstant {
    static func + (left: Self, right: TimeSpan) -> Self {
        Self(bootID: left.bootID, instant: left.instant + right)
    }
}
