import Model

extension ServiceMachine {
    /// Grants the claim, unless somebody else holds the service or it is older than one that was granted before.
    mutating func claim(_ claim: Claim, _ id: RequestID, at now: Moment) -> [Action] {
        guard claim.service == service, claim.environment == environment, claim.rollout == id.rollout,
            claim.epoch == id.epoch
        else {
            return [.reply(.command(id), .refused(Failure(.claimRefused, "the claim speaks of something else: \(id)")))]
        }
        if let holding, holding.claim.rollout != claim.rollout {
            guard claim.succeeds(holding.claim), !isInFlight, fence.admits(claim) else {
                return [.reply(.command(id), .refused(Self.heldBy(holding.claim)))]
            }
            // The host was away when its holder ended and gave the claims back.
            let freed = abandonPreparation(because: "\(holding.claim.rollout.label) has ended") + dropClaim()
            return freed + self.claim(claim, id, at: now)
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
        let known = holding ?? lapsed.flatMap { $0.claim.isSame(as: claim) ? $0 : nil }
        lapsed = nil
        var granted = known ?? Holding(claim: claim, expiry: now.boot, named: [])
        granted.claim = claim
        granted.expiry = now.boot + settings.claimLease
        holding = granted
        log.begin(id, .claim)
        return [.wake(after: settings.claimLease)] + answer(.command(id), .claimed(highest: fence.epoch))
    }

    /// Ends the claim at its holder's word.
    mutating func releaseClaim(_ requester: Requester) -> [Action] {
        guard !isInFlight else { return answer(requester, .refused(busy)) }
        let abandoned = abandonPreparation(because: "the rollout has released its claim")
        return abandoned + dropClaim() + answer(requester, .released)
    }

    /// Ends the claim if its time is over; never while a release is uncommitted.
    mutating func expireClaim(at now: Moment) -> [Action] {
        guard let holding, !isInFlight, holding.expiry.instant <= now.boot.instant else { return [] }
        let abandoned = abandonPreparation(because: "the claim of \(holding.claim.holder) has expired")
        lapsed = holding
        self.holding = nil
        if case .prepared = state { state = .idle }
        return abandoned
    }

    /// Gives a lapsed claim back to its holder, who has come back before anybody else has touched the service.
    mutating func reviveClaim(for id: RequestID, at now: Moment) -> [Action] {
        guard holding == nil, let lapsed, lapsed.claim.rollout == id.rollout, lapsed.claim.epoch == id.epoch else {
            return []
        }
        holding = lapsed
        self.lapsed = nil
        return renewClaim(at: now)
    }

    /// A person changes the service: whoever let the claim lapse must look anew.
    mutating func forgetLapsedClaim() {
        guard lapsed != nil else { return }
        lapsed = nil
        permit = nil
    }

    private mutating func dropClaim() -> [Action] {
        holding = nil
        lapsed = nil
        permit = nil
        if case .prepared = state { state = .idle }
        return retention()
    }

    /// The holder lives, so its claim counts anew.
    ///
    /// Heartbeats are frequent and each change is stored, so nothing changes before a quarter of the lease is used.
    mutating func holderHeard(_ rollout: RolloutID, _ epoch: Epoch, at now: Moment) -> [Action] {
        guard let holding, holding.claim.rollout == rollout, holding.claim.epoch == epoch else { return [] }
        let used = settings.claimLease - (holding.expiry.instant - now.boot.instant)
        guard used * 4 >= settings.claimLease else { return [] }
        return renewClaim(at: now)
    }

    /// Counts the lease of the claim from now.
    mutating func renewClaim(at now: Moment) -> [Action] {
        guard holding != nil else { return [] }
        holding?.expiry = now.boot + settings.claimLease
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

extension Claim {
    fileprivate func isSame(as other: Self) -> Bool { rollout == other.rollout && epoch == other.epoch }
}

extension BootInstant {
    static func + (left: Self, right: TimeSpan) -> Self {
        Self(bootID: left.bootID, instant: left.instant + right)
    }
}
